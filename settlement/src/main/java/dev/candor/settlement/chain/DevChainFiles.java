package dev.candor.settlement.chain;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * The files of a dev chain: anvil's state, a copy of it known to be whole (anvil writes in place, so that a kill may leave
 * half a file), the chain id it was made with, and who runs it.
 */
final class DevChainFiles {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MAX_PORT = 65_535;

    private final Path folder;

    DevChainFiles(Path folder) throws IOException {
        this.folder = folder;
        Files.createDirectories(folder);
    }

    Path state() {
        return folder.resolve("state.json");
    }

    Path log() {
        return folder.resolve("anvil.log");
    }

    Path lock() {
        return folder.resolve("lock");
    }

    Path addresses() {
        return folder.resolve("addresses.json");
    }

    private Path wholeState() {
        return folder.resolve("state.whole.json");
    }

    /** @throws ChainSetupException if the state belongs to another chain id */
    void bindTo(long chainId) throws ChainSetupException, IOException {
        Path file = folder.resolve("chain.json");
        if (Files.isRegularFile(file)) {
            long kept = JSON.readTree(Files.readString(file)).path("chainId").asLong(-1);
            if (kept != chainId) {
                throw new ChainSetupException("the dev chain in " + folder + " has chain id " + kept + ", not " + chainId
                        + ": use --chain-id " + kept + ", or remove that folder to begin a new chain");
            }
            return;
        }
        replace(file, JSON.createObjectNode().put("chainId", chainId));
    }

    /** The port of the last run, so that what names it stays right; 0 if there was none. */
    int lastPort() throws IOException {
        Path file = folder.resolve("port");
        String text = Files.isRegularFile(file) ? Files.readString(file).strip() : "";
        return text.matches("[1-9][0-9]{0,4}") && Integer.parseInt(text) <= MAX_PORT ? Integer.parseInt(text) : 0;
    }

    void keepPort(int port) throws IOException {
        Files.writeString(folder.resolve("port"), port + "\n");
    }

    /** Puts the last whole state in place of a damaged one. */
    void repairState() throws ChainSetupException, IOException {
        if (!Files.exists(state()) || isWhole(state())) {
            return;
        }
        if (!Files.exists(wholeState())) {
            throw new ChainSetupException("the dev chain's state " + state() + " is damaged: remove " + folder
                    + " to begin a new chain");
        }
        Files.copy(wholeState(), state(), StandardCopyOption.REPLACE_EXISTING);
    }

    /** Keeps a copy of the state if it is whole; false if anvil is just writing it. */
    boolean keepWholeState() throws IOException {
        if (!Files.exists(state())) {
            return false;
        }
        Path copy = folder.resolve("state.copy.json");
        Files.copy(state(), copy, StandardCopyOption.REPLACE_EXISTING);
        if (!isWhole(copy)) {
            return false;
        }
        Files.move(copy, wholeState(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return true;
    }

    void writeRunner(Runner runner) throws IOException {
        replace(runnerFile(), JSON.valueToTree(runner));
    }

    Optional<Runner> runner() throws IOException {
        if (!Files.isRegularFile(runnerFile())) {
            return Optional.empty();
        }
        try {
            JsonNode tree = JSON.readTree(Files.readString(runnerFile()));
            return Optional.of(JSON.treeToValue(tree, Runner.class));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    void forgetRunner() throws IOException {
        Files.deleteIfExists(runnerFile());
    }

    private Path runnerFile() {
        return folder.resolve("anvil.json");
    }

    private void replace(Path file, JsonNode content) throws IOException {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        Files.writeString(part, ((ObjectNode) content).toPrettyString() + "\n");
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static boolean isWhole(Path json) throws IOException {
        int depth = 0;
        try (JsonParser parser = new JsonFactory().createParser(json.toFile())) {
            while (parser.nextToken() != null) {
                depth += parser.currentToken().isStructStart() ? 1 : parser.currentToken().isStructEnd() ? -1 : 0;
            }
        } catch (JsonProcessingException damaged) {
            return false;
        }
        return depth == 0 && Files.size(json) > 0;
    }

    /**
     * The process that runs the chain.
     *
     * @param startedAtMillis tells it from a later process with the same pid; 0 where the system does not say
     */
    record Runner(long pid, long startedAtMillis, int port, long chainId) {}
}
