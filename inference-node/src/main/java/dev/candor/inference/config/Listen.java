package dev.candor.inference.config;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * Where the node listens.
 *
 * @param host     name or address of the interface
 * @param port     0 for any free port
 * @param tls      certificate and key, where the node ends TLS itself
 * @param insecure whether plain HTTP is wanted off the loopback interface
 */
public record Listen(String host, int port, Optional<TlsFiles> tls, boolean insecure) {
    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "::1", "[::1]");

    /**
     * PEM files.
     *
     * @param certificate the certificate chain, the node's own first
     * @param key         the PKCS#8 private key
     */
    public record TlsFiles(Path certificate, Path key) {}

    /** @throws ConfigException if the address would serve plain HTTP to other machines unasked */
    public Listen {
        if (port < 0 || port > 65_535) {
            throw new ConfigException("--port must be between 0 and 65535, got " + port);
        }
        if (tls.isEmpty() && !insecure && !LOOPBACK.contains(host)) {
            throw new ConfigException("--host " + host + " would serve plain HTTP to other machines: give --tls-cert and --tls-key, "
                    + "or --insecure where something in front ends TLS");
        }
    }

    /** The URL that reaches the node at {@code boundPort} from this machine. */
    public String url(int boundPort) {
        String name = Set.of("0.0.0.0", "::", "[::]").contains(host) ? "127.0.0.1" : host;
        return (tls.isPresent() ? "https://" : "http://") + name + ":" + boundPort;
    }
}
