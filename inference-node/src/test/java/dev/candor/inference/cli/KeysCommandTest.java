package dev.candor.inference.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.candor.inference.config.CandorHome;
import dev.candor.inference.keys.ApiKeyFile;
import dev.candor.inference.keys.ApiKeys;
import dev.candor.inference.keys.ApiSecret;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class KeysCommandTest {
    @TempDir
    private Path folder;

    private StringWriter out = new StringWriter();
    private StringWriter err = new StringWriter();

    @Test
    void printsTheNewKeyAloneAndKeepsItsDigest() throws Exception {
        assertThat(run("add", "anna", "--requests-per-minute", "60", "--tokens-per-minute", "0", "--expires", "30d")).as(err.toString()).isZero();

        String key = out.toString().strip();
        assertThat(out.toString().lines()).hasSize(1);
        assertThat(key).startsWith(ApiSecret.PREFIX);
        assertThat(err.toString()).contains("anna", "shown only now").doesNotContain(key);
        ApiKeyFile file = new ApiKeyFile(new CandorHome(home()).apiKeys());
        assertThat(Files.readString(file.path())).doesNotContain(key);
        assertThat(ApiKeys.open(file).find(new ApiSecret(key))).hasValueSatisfying(found -> {
            assertThat(found.requestsPerMinute()).hasValue(60);
            assertThat(found.tokensPerMinute()).hasValue(0);
            assertThat(Duration.between(Instant.now(), found.expires().orElseThrow())).isBetween(Duration.ofDays(29), Duration.ofDays(30));
        });
    }

    @Test
    void listsAndRemoves() throws Exception {
        assertThat(run("list")).isZero();
        assertThat(out.toString()).contains("There are no keys");
        run("add", "anna", "--expires", "2099-01-31");
        run("add", "bob", "--tokens-per-minute", "5");
        assertThat(run("list")).isZero();
        assertThat(out.toString()).containsPattern("anna  made 20\\S+Z, expires 2099-02-01T00:00:00Z, the node's limit of requests")
                .contains("bob").contains("does not expire").contains("5 tokens a minute").doesNotContain(ApiSecret.PREFIX);

        assertThat(run("remove", "anna")).isZero();
        assertThat(run("list", "--json")).isZero();
        JsonNode left = new ObjectMapper().readTree(out.toString());
        assertThat(left.findValuesAsText("name")).containsExactly("bob");
        assertThat(left.at("/0/tokens_per_minute").intValue()).isEqualTo(5);
        assertThat(left.at("/0/requests_per_minute").isNull()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "add anna | 1 | already",
        "remove nobody | 1 | no key of the name nobody",
        "add a/b | 2 | letters",
        "add bob --expires yesterday | 2 | 30d",
        "add bob --expires 2020-01-01 | 2 | over already",
        "add bob --expires 0d | 2 | 30d",
        "add bob --tokens-per-minute -1 | 2 | negative",
        "add bob --tokens-per-minute many | 2 | --tokens-per-minute",
        "add | 2 | NAME",
        "'' | 2 | say what to do",
    })
    void saysInOneLineWhatIsWrong(String arguments, int status, String told) {
        run("add", "anna");

        assertThat(run(arguments.isEmpty() ? new String[0] : arguments.split(" "))).isEqualTo(status);
        assertThat(err.toString().lines()).hasSize(1);
        assertThat(err.toString()).startsWith("candor: ").contains(told);
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void aDamagedFileIsNotWrittenOver() throws Exception {
        Path file = new CandorHome(home()).create().apiKeys();
        Files.writeString(file, "mine");

        assertThat(run("add", "anna")).isEqualTo(1);
        assertThat(err.toString()).contains("damaged").contains("move it away");
        assertThat(file).hasContent("mine");
    }

    private Path home() {
        return folder.resolve("home");
    }

    private int run(String... arguments) {
        out = new StringWriter();
        err = new StringWriter();
        CommandLine line = Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        List<String> all = new ArrayList<>(List.of("keys"));
        Collections.addAll(all, arguments);
        if (arguments.length > 0) {
            all.addAll(List.of("--home", home().toString()));
        }
        return line.execute(all.toArray(String[]::new));
    }
}
