package dev.candor.inference.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candor.inference.config.Listen;
import dev.candor.inference.testing.HttpFixture;
import io.vertx.core.Vertx;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {
    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    private Path folder;

    @Test
    void servesHttpsWithTheCertificateItIsGiven() throws Exception {
        KeyStore store = selfSigned();
        Path certificate = pem("cert.pem", "CERTIFICATE", store.getCertificate("node").getEncoded());
        Path key = pem("key.pem", "PRIVATE KEY", store.getKey("node", PASSWORD).getEncoded());
        Listen listen = new Listen("127.0.0.1", 0, Optional.of(new Listen.TlsFiles(certificate, key)), false);

        try (HttpFixture node = new HttpFixture(Files.createDirectory(folder.resolve("home")), HttpFixture.Setup.free());
                HttpApi https = HttpApi.start(Vertx.vertx(), listen, node.services());
                HttpClient client = HttpClient.newBuilder().sslContext(trusting(store)).build()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(listen.url(https.port()) + "/v1/models")).build();

            assertThat(request.uri().getScheme()).isEqualTo("https");
            assertThat(client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode()).isEqualTo(200);
        }
    }

    private KeyStore selfSigned() throws Exception {
        Path file = folder.resolve("node.p12");
        Process keytool = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair", "-alias", "node", "-keyalg", "EC",
                "-dname", "CN=127.0.0.1", "-ext", "san=ip:127.0.0.1", "-storetype", "PKCS12", "-keystore", file.toString(),
                "-storepass", new String(PASSWORD))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("keytool.log").toFile())
                .start();
        assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return KeyStore.getInstance(file.toFile(), PASSWORD);
    }

    private Path pem(String name, String type, byte[] der) throws Exception {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return Files.writeString(folder.resolve(name), "-----BEGIN " + type + "-----\n" + body + "\n-----END " + type + "-----\n");
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
