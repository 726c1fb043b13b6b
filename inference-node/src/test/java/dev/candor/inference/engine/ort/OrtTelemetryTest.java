package dev.candor.inference.engine.ort;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candor.hub.manifest.VerifiedModel;
import dev.candor.hub.testing.ToyModels;
import dev.candor.inference.engine.testing.OpenModelMain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs a model in a process of its own, with a command line long enough to crash the library while its telemetry is on. */
class OrtTelemetryTest {
    @TempDir
    private Path folder;

    @Test
    void withoutTheVariableNothingIsWrittenAndALongCommandLineDoesNoHarm() throws Exception {
        runAndCheck(Map.of());
    }

    @Test
    void aVariableThatLeavesTelemetryOnIsOverruled() throws Exception {
        runAndCheck(Map.of("ORT_DISABLE_TELEMETRY", "0"));
    }

    private void runAndCheck(Map<String, String> environment) throws Exception {
        Path home = Files.createDirectory(folder.resolve("home"));
        Path temp = Files.createDirectory(folder.resolve("tmp"));
        Path natives = folder.resolve("natives");
        VerifiedModel toy = ToyModels.write(folder.resolve("toy"));

        Process first = start(home, temp, natives, toy, environment, "wait");
        assertThat(first.inputReader().readLine()).isEqualTo("ok");
        first.destroyForcibly().waitFor();

        Process second = start(home, temp, natives, toy, environment, "end");
        assertThat(second.inputReader().readLine()).isEqualTo("ok");
        assertThat(second.waitFor(180, TimeUnit.SECONDS)).isTrue();
        assertThat(second.exitValue()).isZero();
        assertThat(files(home)).isEmpty();
        assertThat(files(temp)).noneMatch(file -> file.contains("onnxruntime") || file.contains("mat-debug"));
        assertThat(files(natives)).as("unpacked once, and kept").hasSize(2);
    }

    private Process start(Path home, Path temp, Path natives, VerifiedModel toy, Map<String, String> environment, String mode) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Duser.home=" + home,
                "-Djava.io.tmpdir=" + temp,
                "-Dpadding=" + "x".repeat(12_000),
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                OpenModelMain.class.getName(),
                natives.toString(),
                toy.folder().toString(),
                mode));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().remove("ORT_DISABLE_TELEMETRY");
        builder.environment().putAll(environment);
        builder.environment().put("HOME", home.toString());
        builder.environment().put("XDG_CACHE_HOME", home.resolve(".cache").toString());
        return builder.start();
    }

    private static List<String> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).map(Path::toString).filter(f -> !f.contains("hsperfdata")).toList();
        }
    }
}
