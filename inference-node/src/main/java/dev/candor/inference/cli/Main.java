package dev.candor.inference.cli;

import dev.candor.inference.config.ConfigException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.logging.LogManager;
import picocli.CommandLine;

/** The only entry point: {@code candor COMMAND}. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        configureLogging();
        int status = run(List.of(args), System.getenv());
        System.out.flush();
        System.exit(status);
    }

    /**
     * Runs one command.
     *
     * @return the exit status: 0 done, 1 failed, 2 wrong usage
     */
    static int run(List<String> arguments, Map<String, String> environment) {
        CommandLine line = commandLine();
        try {
            OptionSources.install(line, environment, arguments);
        } catch (ConfigException e) {
            line.getErr().println("candor: " + e.getMessage());
            return CommandLine.ExitCode.USAGE;
        }
        return line.execute(arguments.toArray(String[]::new));
    }

    /** One line an entry, the libraries' chatter left out; {@code -Djava.util.logging.config.file} takes its place. */
    private static void configureLogging() {
        if (System.getProperty("java.util.logging.config.file") != null) {
            return;
        }
        try (InputStream settings = Main.class.getResourceAsStream("/logging.properties")) {
            LogManager.getLogManager().readConfiguration(settings);
        } catch (IOException e) {
            throw new UncheckedIOException("the jar lacks its logging.properties", e);
        }
    }

    /** The whole command line, reading no variables and no file. */
    static CommandLine commandLine() {
        CommandLine line = new CommandLine(new CandorCommand());
        line.setExecutionExceptionHandler(Main::report);
        line.setParameterExceptionHandler(Main::refuse);
        return line;
    }

    private static int refuse(CommandLine.ParameterException failure, String[] arguments) {
        CommandLine line = failure.getCommandLine();
        line.getErr().println("candor: " + failure.getMessage() + "; see " + line.getCommandSpec().qualifiedName() + " --help");
        return CommandLine.ExitCode.USAGE;
    }

    private static int report(Exception failure, CommandLine line, CommandLine.ParseResult parsed) {
        line.getErr().println("candor: " + UserMessage.of(failure));
        return failure instanceof ConfigException ? CommandLine.ExitCode.USAGE : CommandLine.ExitCode.SOFTWARE;
    }
}
