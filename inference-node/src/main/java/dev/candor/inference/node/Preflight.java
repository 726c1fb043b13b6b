package dev.candor.inference.node;

import dev.candor.inference.config.NodeConfig;
import dev.candor.inference.http.DiskGuard;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finds, before anything is fetched or started, what would stop the start in the end. */
final class Preflight {
    private Preflight() {}

    static void check(NodeConfig config) throws IOException, StartException {
        long free = Files.getFileStore(config.home().root()).getUsableSpace();
        if (free < DiskGuard.MIN_FREE) {
            throw new StartException("the disk of " + config.home().root() + " is full (" + free + " bytes are free): free some space, "
                    + "or give another --home");
        }
        if (config.listen().tls().isPresent()) {
            requireReadable("--tls-cert", config.listen().tls().get().certificate());
            requireReadable("--tls-key", config.listen().tls().get().key());
        }
        String host = config.listen().host();
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(InetAddress.getByName(host), config.listen().port()));
        } catch (BindException e) {
            throw new StartException("port " + config.listen().port() + " on " + host
                    + " is in use or not allowed: stop what uses it, or give another --port", e);
        }
    }

    private static void requireReadable(String option, Path file) throws StartException {
        if (!Files.isReadable(file) || Files.isDirectory(file)) {
            throw new StartException(option + " " + file + " cannot be read: give a PEM file that this user may read");
        }
    }
}
