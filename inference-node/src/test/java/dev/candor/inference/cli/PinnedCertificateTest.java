package dev.candor.inference.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candor.client.sdk.NodeConnection;
import dev.candor.inference.config.CandorHome;
import dev.candor.inference.config.Listen;
import dev.candor.inference.http.HttpApi;
import dev.candor.inference.testing.HttpFixture;
import dev.candor.inference.testing.SelfSigned;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PinnedCertificateTest {
    @TempDir
    private Path folder;

    @Test
    void trustsTheNodeOfItsHomeAndNoOtherCertificate() throws Exception {
        SelfSigned own = SelfSigned.in(folder.resolve("own"));
        SelfSigned other = SelfSigned.in(folder.resolve("other"));
        CandorHome home = new CandorHome(folder.resolve("home")).create();
        Listen listen = new Listen("127.0.0.1", 0, Optional.of(new Listen.TlsFiles(own.certificate(), own.key())), false);
        try (HttpFixture node = new HttpFixture(home.root(), HttpFixture.Setup.free());
                HttpApi https = HttpApi.start(Vertx.vertx(), listen, node.services())) {
            URI url = URI.create(listen.url(https.port()));

            assertThat(connection(home, url, own.certificate()).get("node/status")).isPresent();
            assertThatThrownBy(() -> connection(home, url, other.certificate()).get("node/status")).isInstanceOf(Exception.class);
        }
    }

    private static NodeConnection connection(CandorHome home, URI url, Path certificate) throws Exception {
        Files.writeString(home.nodeJson(), "{\"url\":\"" + url + "\",\"pid\":1,\"certificate\":\"" + certificate + "\"}");
        return new ClientSetup(home).connect(url);
    }
}
