package dev.candor.inference.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The root command; every subcommand is one class of this package. */
@Command(
        name = "candor",
        mixinStandardHelpOptions = true,
        versionProvider = VersionProvider.class,
        description = "A verifiable AI inference node.",
        footer = {
            "",
            "Of a checkout, run by the script itself:",
            "  test     Run every test; test --oracles: make the goldens anew and compare.",
            "  soak     Run the long tests.",
            "  sdk      Install the Java SDK into Maven's local repository, and print its dependencies.",
            "  bench    Measure: candor bench --help names the benchmarks."
        },
        subcommands = {
            UpCommand.class,
            DownCommand.class,
            StatusCommand.class,
            ChatCommand.class,
            EmbedCommand.class,
            VerifyCommand.class,
            ReplayCommand.class,
            ProxyCommand.class,
            ModelsCommand.class,
            KeysCommand.class,
            LogCommand.class,
            LedgerCommand.class,
            HelpCommand.class
        })
final class CandorCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say what to do, for example: candor up");
    }
}
