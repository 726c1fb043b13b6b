package dev.candor.inference.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candor.inference.config.Listen;
import dev.candor.inference.testing.HttpFixture;
import dev.candor.inference.testing.SelfSigned;
import io.vertx.core.Vertx;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {
    @TempDir
    private Path folder;

    @Test
    void servesHttpsWithTheCertificateItIsGiven() throws Exception {
        SelfSigned tls = SelfSigned.in(folder.resolve("tls"));
        Listen listen = new Listen("127.0.0.1", 0, Optional.of(new Listen.TlsFiles(tls.certificate(), tls.key())), false);

        try (HttpFixture node = new HttpFixture(Files.createDirectory(folder.resolve("home")), HttpFixture.Setup.free());
                HttpApi https = HttpApi.start(Vertx.vertx(), listen, node.services());
                HttpClient client = HttpClient.newBuilder().sslContext(trusting(tls.store())).build()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(listen.url(https.port()) + "/v1/models")).build();

            assertThat(request.uri().getScheme()).isEqualTo("https");
            assertThat(client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode()).isEqualTo(200);
        }
    }

    private static SSLContext trusting(KeyStore store) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("node", store.getCertificate("node"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
