package dev.candor.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a program gets on its class path with this module: small, and nothing of a server, a model runtime or another HTTP stack. */
class ClassPathTest {
    private static final Pattern TEST_TOOLS = Pattern.compile(
            "(junit|assertj|jazzer|opentest4j|apiguardian|byte-buddy|surefire|archunit|hamcrest|univocity|jspecify).*");
    private static final List<String> ALLOWED = List.of(
            "bcprov-jdk18on", "secp256k1-kmp-", "kotlin-stdlib", "annotations", "java-json-canonicalization", "jackson-annotations", "jackson-core",
            "jackson-databind", "abi", "core", "crypto", "rlp", "tuples", "utils", "rxjava", "reactive-streams", "slf4j-api");
    private static final int MAX_JARS = 22;
    private static final long MAX_BYTES = 21L << 20;

    @Test
    void holdsOnlyTheLibrariesThatAreNeeded() {
        assertThat(jars())
                .as("remove what is too much by an exclusion in the pom, or add it here with a reason")
                .allMatch(jar -> ALLOWED.stream().anyMatch(name -> jar.getFileName().toString().startsWith(name)));
    }

    @Test
    void staysSmall() throws Exception {
        long bytes = 0;
        for (Path jar : jars()) {
            bytes += Files.size(jar);
        }
        System.out.printf("candor-client brings %d jars, %.1f MB%n", jars().size(), bytes / 1e6);
        assertThat(jars()).hasSizeLessThanOrEqualTo(MAX_JARS);
        assertThat(bytes).isLessThan(MAX_BYTES);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "io.vertx.core.Vertx", "ai.onnxruntime.OrtEnvironment", "ai.djl.Device", "software.amazon.awssdk.core.SdkClient", "jnr.unixsocket.UnixSocket",
        "io.netty.channel.Channel", "okhttp3.OkHttpClient", "org.sqlite.JDBC", "org.postgresql.Driver", "picocli.CommandLine",
        "org.apache.tuweni.bytes.Bytes", "org.java_websocket.client.WebSocketClient"
    })
    void hasNothingOf(String type) {
        assertThat(getClass().getClassLoader().getResource(type.replace('.', '/') + ".class")).as(type).isNull();
    }

    private static List<Path> jars() {
        return Arrays.stream(classPath().split(File.pathSeparator))
                .map(Path::of)
                .filter(path -> path.toString().endsWith(".jar") && !path.getFileName().toString().startsWith("candor"))
                .filter(path -> !TEST_TOOLS.matcher(path.getFileName().toString()).matches())
                .toList();
    }

    /** Surefire may start from a jar that names the class path. */
    private static String classPath() {
        String real = System.getProperty("surefire.test.class.path", System.getProperty("surefire.real.class.path", ""));
        return real.isEmpty() || !real.contains(".jar") ? System.getProperty("java.class.path") : real;
    }
}
