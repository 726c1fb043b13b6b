package dev.candor.inference.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code candor keys}: keys for clients that do not pay. */
@Command(
        name = "keys",
        mixinStandardHelpOptions = true,
        description = "Give out API keys, whose holders need not pay; a running node takes changes up at once.",
        subcommands = {KeysAddCommand.class, KeysListCommand.class, KeysRemoveCommand.class})
final class KeysCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say what to do: candor keys add NAME, list, or remove NAME");
    }
}
