package dev.candor.inference.node;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.inference.config.CandorHome;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Optional;

/** {@code node.json}: where the running node is to be found; gone when it stops. */
final class NodeRecord implements AutoCloseable {
    private final Path file;

    private NodeRecord(Path file) {
        this.file = file;
    }

    static NodeRecord write(CandorHome home, String url, Optional<Path> certificate, URI rpc, Instant started) throws IOException {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("url", url)
                .put("pid", ProcessHandle.current().pid())
                .put("started", started.toString())
                .put("rpc", rpc.toString());
        certificate.ifPresent(file -> json.put("certificate", file.toAbsolutePath().toString()));
        Path temporary = home.nodeJson().resolveSibling("node.json.tmp");
        Files.writeString(temporary, json + "\n");
        Files.move(temporary, home.nodeJson(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return new NodeRecord(home.nodeJson());
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(file);
    }
}
