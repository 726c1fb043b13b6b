package dev.candor.inference.node;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candor.inference.config.CandorHome;
import dev.candor.inference.config.Hardware;
import dev.candor.inference.config.Limits;
import dev.candor.inference.config.Listen;
import dev.candor.inference.config.NodeConfig;
import dev.candor.inference.config.Payments;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreflightTest {
    @TempDir
    private Path home;

    @Test
    void findsNothingWhereANodeCanStart() {
        assertThatCode(() -> Preflight.check(config(new Listen("127.0.0.1", 0, Optional.empty(), false)))).doesNotThrowAnyException();
    }

    @Test
    void namesThePortInUseAndSaysWhatToDo() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Listen listen = new Listen("127.0.0.1", other.getLocalPort(), Optional.empty(), false);

            assertThatThrownBy(() -> Preflight.check(config(listen)))
                    .isInstanceOf(StartException.class).hasMessageContaining("port " + other.getLocalPort()).hasMessageContaining("--port");
        }
    }

    @Test
    void namesTheTlsFileThatCannotBeRead() throws Exception {
        Path there = Files.writeString(home.resolve("cert.pem"), "x");
        Path missing = home.resolve("key.pem");

        assertThatThrownBy(() -> Preflight.check(config(tls(there, missing))))
                .isInstanceOf(StartException.class).hasMessageContaining("--tls-key " + missing);
        assertThatThrownBy(() -> Preflight.check(config(tls(home, there))))
                .isInstanceOf(StartException.class).hasMessageContaining("--tls-cert " + home);
    }

    private static Listen tls(Path certificate, Path key) {
        return new Listen("127.0.0.1", 0, Optional.of(new Listen.TlsFiles(certificate, key)), false);
    }

    private NodeConfig config(Listen listen) {
        return new NodeConfig(
                new CandorHome(home), home.resolve("cache"), listen, List.of("model"), Hardware.any(),
                new Payments(true, Optional.empty(), 31_337, false, Optional.empty(), BigInteger.ONE),
                new Limits(1, 1, 1, 1, 0, 0, 1, 1));
    }
}
