package dev.candor.inference.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candor.inference.config.ConfigException;
import dev.candor.inference.config.Limits;
import dev.candor.inference.config.NodeConfig;
import dev.candor.inference.config.SpinChoice;
import dev.candor.inference.config.StoredResponses;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.OptionSpec;

class OptionsTest {
    @TempDir
    private Path home;

    private Map<String, String> environment;

    @Command(name = "up")
    private static final class Probe implements Runnable {
        @Mixin
        private NodeOptions options = new NodeOptions();

        @Override
        public void run() {
            // options are read by the test
        }
    }

    @BeforeEach
    void useAHomeOfItsOwn() {
        environment = new TreeMap<>(Map.of("CANDOR_HOME", home.toString()));
    }

    @Test
    void pinsEveryOptionOfANodeAndItsDefault() {
        Map<String, String> defaults = new TreeMap<>();
        new CommandLine(new Probe()).getCommandSpec().options()
                .forEach(option -> defaults.put(option.longestName(), String.valueOf(option.defaultValue())));

        assertThat(defaults).containsExactlyInAnyOrderEntriesOf(new TreeMap<>(Map.ofEntries(
                Map.entry("--home", "null"),
                Map.entry("--config", "null"),
                Map.entry("--cache", "null"),
                Map.entry("--host", "127.0.0.1"),
                Map.entry("--port", "8080"),
                Map.entry("--tls-cert", "null"),
                Map.entry("--tls-key", "null"),
                Map.entry("--insecure", "null"),
                Map.entry("--model", "smollm2-135m-instruct,all-minilm-l6-v2"),
                Map.entry("--threads", "0"),
                Map.entry("--device", "auto"),
                Map.entry("--spin", "auto"),
                Map.entry("--free", "null"),
                Map.entry("--price", "null"),
                Map.entry("--chain", "null"),
                Map.entry("--chain-id", "31337"),
                Map.entry("--deploy", "null"),
                Map.entry("--pay-to", "null"),
                Map.entry("--max-exposure", "100000000000000000000"),
                Map.entry("--max-body", "1048576"),
                Map.entry("--max-tensor-body", "67108864"),
                Map.entry("--max-queue", "256"),
                Map.entry("--max-concurrent", "8"),
                Map.entry("--context", "2048"),
                Map.entry("--kv-memory", "0"),
                Map.entry("--max-backlog", "1048576"),
                Map.entry("--max-disk", "21474836480"),
                Map.entry("--keep-responses", "1h"),
                Map.entry("--max-stored-responses", "134217728"),
                Map.entry("--require-key", "null"),
                Map.entry("--rate-limit-requests", "0"),
                Map.entry("--rate-limit-tokens", "0"),
                Map.entry("--client-share", "50"))));
    }

    @Test
    void spinsUnlessTheMachineIsBusyOrTheOperatorSaysOtherwise() throws Exception {
        assertThat(read().hardware().spin()).isEqualTo(SpinChoice.AUTO);
        assertThat(SpinChoice.AUTO.spins(0.9, 2)).isTrue();
        assertThat(SpinChoice.AUTO.spins(1.1, 2)).isFalse();
        assertThat(SpinChoice.AUTO.spins(-1, 2)).as("where nothing is known").isTrue();
        assertThat(read("--spin", "on").hardware().spin().spins(50, 2)).isTrue();
        assertThat(read("--spin", "off").hardware().spin().spins(0, 2)).isFalse();
        assertThatThrownBy(() -> read("--spin", "perhaps")).hasMessageContaining("auto, on or off");
    }

    @Test
    void keepsResponsesForAsLongAndAsManyAsToldTo() throws Exception {
        assertThat(read().responses()).isEqualTo(StoredResponses.STANDARD);
        assertThat(read("--keep-responses", "30m", "--max-stored-responses", "1MiB").responses())
                .isEqualTo(new StoredResponses(Duration.ofMinutes(30), 1024 * 1024));
        assertThat(read("--keep-responses", "off").responses().lifetime()).isZero();
        for (String wrong : List.of("1", "h", "0m", "31d", "forever", "")) {
            assertThatThrownBy(() -> read("--keep-responses", wrong)).hasMessageContaining("--keep-responses");
        }
        assertThatThrownBy(() -> read("--max-stored-responses", "0")).hasMessageContaining("--keep-responses off");
    }

    @Test
    void prefersTheCommandLineToTheEnvironmentToTheFile() throws Exception {
        Files.writeString(home.resolve("candor.conf"), "# a node\nport = 1\nhost = localhost\nmax-queue = 7\nfree = true\n");
        environment.put("CANDOR_PORT", "2");
        environment.put("CANDOR_MAX_QUEUE", "8");

        NodeConfig config = read("--port", "3");

        assertThat(config.listen().port()).isEqualTo(3);
        assertThat(config.limits().maxQueue()).isEqualTo(8);
        assertThat(config.listen().host()).isEqualTo("localhost");
        assertThat(config.payments().free()).isTrue();
        assertThat(config.home().root()).isEqualTo(home);
        assertThat(config.cache()).isEqualTo(home.resolve("cache"));
        assertThat(config.payments().maxExposure()).isEqualTo(BigInteger.TEN.pow(20));
    }

    @Test
    void readsEveryOptionOfEveryCommandFromItsVariableAndElseFromTheFile() throws Exception {
        CommandLine root = Main.commandLine();
        List<String> names = OptionSources.optionNames(root).stream().filter(name -> !Set.of("home", "config").contains(name)).toList();
        Files.writeString(home.resolve("candor.conf"), String.join("", names.stream().map(name -> name + " = file-" + name + "\n").toList()));
        for (String name : names) {
            Map<String, String> one = new TreeMap<>(environment);
            one.put("CANDOR_" + name.toUpperCase(Locale.ROOT).replace('-', '_'), "variable-" + name);
            OptionSources.install(root, one, List.of());

            assertThat(defaults(root, name)).isNotEmpty().containsOnly("variable-" + name);
        }
        OptionSources.install(root, environment, List.of());
        for (String name : names) {
            assertThat(defaults(root, name)).isNotEmpty().containsOnly("file-" + name);
        }
    }

    @Test
    void everySizeMayBeWrittenWithAUnit() throws Exception {
        environment.put("CANDOR_MAX_DISK", "2T");
        Files.writeString(home.resolve("candor.conf"), "max-backlog = 512 KiB\n");

        Limits limits = read("--kv-memory", "64M", "--max-body=2MiB", "--max-tensor-body", "1.5G").limits();

        assertThat(limits.kvMemory()).isEqualTo(64L << 20);
        assertThat(limits.maxBody()).isEqualTo(2 << 20);
        assertThat(limits.maxTensorBody()).isEqualTo(3 << 29);
        assertThat(limits.maxBacklog()).isEqualTo(512 << 10);
        assertThat(limits.maxDisk()).isEqualTo(2L << 40);
        assertThatThrownBy(() -> read("--max-body", "2G")).isInstanceOf(ConfigException.class).hasMessageContaining("--max-body").hasMessageContaining("2G");
    }

    /** What each command below {@code line} takes for the option {@code name} that its command line does not give. */
    private static List<String> defaults(CommandLine line, String name) throws Exception {
        List<String> values = new ArrayList<>();
        OptionSpec option = line.getCommandSpec().findOption("--" + name);
        if (option != null && option.longestName().equals("--" + name)) {
            values.add(line.getDefaultValueProvider().defaultValue(option));
        }
        for (CommandLine sub : line.getSubcommands().values()) {
            values.addAll(defaults(sub, name));
        }
        return values;
    }

    @Test
    void readsAnotherFileWhenToldTo() throws Exception {
        Path other = Files.writeString(home.resolve("other.conf"), "port=99\n");

        assertThat(read("--config", other.toString()).listen().port()).isEqualTo(99);
        assertThat(read("--config=" + other).listen().port()).isEqualTo(99);
    }

    @Test
    void refusesUnknownVariablesAndKeys() throws Exception {
        environment.put("CANDOR_PROT", "1");
        assertThatThrownBy(() -> read()).isInstanceOf(ConfigException.class).hasMessageContaining("CANDOR_PROT");

        environment.remove("CANDOR_PROT");
        Files.writeString(home.resolve("candor.conf"), "prot = 1\n");
        assertThatThrownBy(() -> read()).isInstanceOf(ConfigException.class).hasMessageContaining("prot");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "port                      | line 1",
        "= 1                       | line 1",
        "port = 1\\nport = 2       | set twice",
    })
    void refusesAFileThatIsNotSettings(String text, String message) throws Exception {
        Files.writeString(home.resolve("candor.conf"), text.replace("\\n", "\n"));

        assertThatThrownBy(() -> read()).isInstanceOf(ConfigException.class).hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource({
        "--host 0.0.0.0, --insecure",
        "--port 70000, --port",
        "--tls-cert a.pem, --tls-key",
        "--max-body 0, --max-body",
        "--max-exposure -1, --max-exposure",
        "--pay-to 0x12, --pay-to",
        "--price model, --price",
        "--chain-id 0, --chain-id",
        "--threads -1, --threads",
        "--context -5, --context",
        "--chain nonsense, --chain",
        "--chain http:, --chain",
        "--chain ws://127.0.0.1:8545, --chain",
        "--rate-limit-requests -1, --rate-limit-requests",
        "--rate-limit-tokens -1, --rate-limit-tokens",
        "--client-share 0, --client-share",
        "--client-share 101, --client-share",
    })
    void refusesValuesThatCannotBeUsedAndNamesTheOption(String arguments, String option) {
        assertThatThrownBy(() -> read(arguments.split(" "))).isInstanceOf(ConfigException.class).hasMessageContaining(option);
    }

    @Test
    void servesPlainHttpToOthersOnlyWhenTold() throws Exception {
        assertThat(read("--host", "0.0.0.0", "--insecure").listen().url(80)).isEqualTo("http://127.0.0.1:80");
        assertThat(read("--host", "0.0.0.0", "--tls-cert", "c.pem", "--tls-key", "k.pem").listen().url(80)).isEqualTo("https://127.0.0.1:80");
    }

    @ParameterizedTest
    @CsvSource(value = {"up --port x;--port", "up --nonsense;--nonsense", "up --kv-memory much;64MiB", "up --max-disk -1;--max-disk", "'';candor up", "nonsense;nonsense"}, delimiter = ';')
    void answersWrongUsageWithOneLine(String arguments, String told) {
        StringWriter err = new StringWriter();
        CommandLine line = Main.commandLine().setErr(new PrintWriter(err));

        int status = line.execute(arguments.isEmpty() ? new String[0] : arguments.split(" "));

        assertThat(status).isEqualTo(2);
        assertThat(err.toString().lines()).hasSize(1);
        assertThat(err.toString()).startsWith("candor: ").contains(told);
    }

    private NodeConfig read(String... arguments) {
        Probe probe = new Probe();
        CommandLine line = new CommandLine(probe);
        line.addSubcommand(new CandorCommand());
        OptionSources.install(line, environment, List.of(arguments));
        line.parseArgs(arguments);
        return probe.options.config();
    }
}
