package dev.candor.inference.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.candor.inference.config.CandorHome;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code up --detach} and {@code down}: everything stops, and the next start goes on where this one was. */
@Timeout(900)
class DownAndUpTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    private CandorHome home() {
        return new CandorHome(folder.resolve("home"));
    }

    @AfterEach
    void leaveNothingRunning() throws Exception {
        NodeProcess.run(folder.resolve("down.out"), "down", "--home", home().root().toString());
    }

    @Test
    void stopsNodeAndChainAndKeepsWhatBothKnow() throws Exception {
        candor(0, "up", "--detach", "--port", "0");
        String receipt = last(candor(0, "chat", "Hello", "--max-tokens", "2", "--json")).path("receiptId").asText();
        long pid = record().path("pid").asLong();
        long anvil = anvil();
        long height = height();

        assertThat(candor(0, "down")).contains("pid " + pid).doesNotContain("left behind");

        assertThat(runs(pid)).as("the node runs").isFalse();
        assertThat(runs(anvil)).as("the chain runs").isFalse();
        assertThat(candor(1, "status")).contains("no node runs", "candor up");

        candor(0, "up", "--detach", "--port", "0");
        assertThat(record().path("pid").asLong()).isNotEqualTo(pid);
        assertThat(height()).as("blocks of the chain").isGreaterThanOrEqualTo(height);
        Files.delete(home().receipts().resolve(receipt + ".candor.json"));
        assertThat(last(candor(0, "verify", receipt, "--receipt-only", "--json")).path("verified").asBoolean()).isTrue();
        assertThat(last(candor(0, "chat", "Hello", "--max-tokens", "2", "--json")).path("verified").asBoolean()).isTrue();
    }

    private JsonNode record() throws IOException {
        return JSON.readTree(Files.readString(home().nodeJson()));
    }

    private long anvil() throws IOException {
        return JSON.readTree(Files.readString(home().chain().resolve("anvil.json"))).path("pid").asLong();
    }

    private long height() throws IOException, InterruptedException {
        try (DevChainView chain = new DevChainView(URI.create(record().path("rpc").asText()))) {
            return chain.blockNumber();
        }
    }

    private static boolean runs(long pid) {
        Optional<ProcessHandle> process = ProcessHandle.of(pid);
        return process.isPresent() && process.get().isAlive();
    }

    private String candor(int status, String... arguments) throws IOException, InterruptedException {
        Path output = Files.createTempFile(folder, "candor", ".out");
        List<String> command = new ArrayList<>(List.of(arguments));
        command.addAll(List.of("--home", home().root().toString()));
        int ended = NodeProcess.run(output, command.toArray(String[]::new));
        String said = Files.readString(output);
        assertThat(ended).as("candor %s said: %s", command, said).isEqualTo(status);
        return said;
    }

    private static JsonNode last(String output) throws IOException {
        return JSON.readTree(output.lines().reduce((before, line) -> line).orElseThrow());
    }
}
