package dev.candor.inference.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code candor ledger}: the journal of payments on disk. */
@Command(
        name = "ledger",
        mixinStandardHelpOptions = true,
        description = "Check the journal of payments.",
        subcommands = LedgerAuditCommand.class)
final class LedgerCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say what to do: candor ledger audit");
    }
}
