package dev.candor.inference.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.candor.inference.config.CandorHome;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What {@code node.json} says of the node that runs, or last ran, on a home. */
record RunningNode(URI url, long pid, Optional<Path> certificate) {
    /** Empty if there is none, or the file cannot be read. */
    static Optional<RunningNode> of(CandorHome home) {
        try {
            if (!Files.isRegularFile(home.nodeJson())) {
                return Optional.empty();
            }
            JsonNode json = new ObjectMapper().readTree(home.nodeJson().toFile());
            return Optional.of(new RunningNode(
                    URI.create(json.path("url").asText()),
                    json.path("pid").asLong(),
                    Optional.ofNullable(json.path("certificate").textValue()).map(Path::of)));
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Whether {@code node} is this node's, with or without a slash at its end, as saved receipts have one. */
    boolean is(URI node) {
        return withSlash(url).equals(withSlash(node));
    }

    private static String withSlash(URI node) {
        String text = node.toString();
        return text.endsWith("/") ? text : text + "/";
    }

    /** Whether its process still runs, and is a Java one: a process id is given again after a restart of the machine. */
    boolean alive() {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .flatMap(process -> process.info().command())
                .filter(command -> command.endsWith("java"))
                .isPresent();
    }
}
