package dev.candor.inference.cli;

import dev.candor.inference.config.CandorHome;
import dev.candor.inference.config.ConfigException;
import dev.candor.inference.config.ConfigFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Gives every option that the command line does not name its value from a {@code CANDOR_*} variable, or else from the
 * configuration file. A variable or key that belongs to no option of any command is an error.
 */
final class OptionSources implements IDefaultValueProvider {
    private static final String PREFIX = "CANDOR_";
    /** Read by the launcher script, not by an option. */
    private static final Set<String> LAUNCHER_VARIABLES = Set.of("CANDOR_JAVA_HOME", "CANDOR_JDK_FOLDERS", "CANDOR_JVM_ARGS", "CANDOR_CUDA");

    private final Map<String, String> environment;
    private final Map<String, String> file;

    private OptionSources(Map<String, String> environment, Map<String, String> file) {
        this.environment = environment;
        this.file = file;
    }

    /** @throws ConfigException if the file cannot be read, or it or the environment sets what no command knows */
    static void install(CommandLine line, Map<String, String> environment, List<String> arguments) {
        Set<String> known = optionNames(line);
        for (String variable : new TreeSet<>(environment.keySet())) {
            if (variable.startsWith(PREFIX) && !LAUNCHER_VARIABLES.contains(variable) && !known.contains(optionOf(variable))) {
                throw new ConfigException("the environment variable " + variable + " is no option of candor: unset it, or see candor help up");
            }
        }
        Map<String, String> file = configFile(environment, arguments);
        for (String key : file.keySet()) {
            if (!known.contains(key)) {
                throw new ConfigException("the configuration file sets " + key + ", which is no option of candor: remove it, or see candor help up");
            }
        }
        line.setDefaultValueProvider(new OptionSources(environment, file));
    }

    private static Map<String, String> configFile(Map<String, String> environment, List<String> arguments) {
        Optional<String> named = early("config", environment, arguments);
        if (named.isPresent()) {
            return ConfigFile.read(Path.of(named.get()));
        }
        Path inHome = early("home", environment, arguments).map(Path::of).map(CandorHome::new).orElseGet(CandorHome::standard).config();
        return Files.exists(inHome) ? ConfigFile.read(inHome) : Map.of();
    }

    /** An option that decides where the file is, looked up before the arguments are parsed. */
    private static Optional<String> early(String name, Map<String, String> environment, List<String> arguments) {
        String flag = "--" + name;
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (argument.startsWith(flag + "=")) {
                return Optional.of(argument.substring(flag.length() + 1));
            }
            if (argument.equals(flag) && i + 1 < arguments.size()) {
                return Optional.of(arguments.get(i + 1));
            }
        }
        return Optional.ofNullable(environment.get(variableOf(name)));
    }

    @Override
    public String defaultValue(ArgSpec argument) {
        if (!(argument instanceof OptionSpec option)) {
            return null;
        }
        String name = name(option);
        String value = environment.get(variableOf(name));
        return value != null ? value : file.get(name);
    }

    static String variableOf(String option) {
        return PREFIX + option.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    private static String optionOf(String variable) {
        return variable.substring(PREFIX.length()).toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String name(OptionSpec option) {
        return option.longestName().replaceFirst("^-+", "");
    }

    /** Names of all options of {@code line} and the commands below it, without dashes in front. */
    static Set<String> optionNames(CommandLine line) {
        Set<String> names = new TreeSet<>();
        line.getCommandSpec().options().stream().filter(option -> !option.usageHelp() && !option.versionHelp())
                .forEach(option -> names.add(name(option)));
        line.getSubcommands().values().forEach(sub -> names.addAll(optionNames(sub)));
        return names;
    }
}
