package dev.candor.inference.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code candor log}: the receipt log on disk. */
@Command(name = "log", mixinStandardHelpOptions = true, description = "Check the receipt log.", subcommands = LogFsckCommand.class)
final class LogCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say what to do: candor log fsck");
    }
}
