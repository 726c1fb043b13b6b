package dev.candor.inference.engine.ort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeLibrariesTest {
    private static final String MICROSOFT = "ai/onnxruntime/native/" + NativeSet.platform() + "/";
    private static final String JAVACPP = "org/bytedeco/onnxruntime/linux-x86_64-gpu/";
    private static final String MAIN = System.mapLibraryName("onnxruntime");
    private static final String BINDING = System.mapLibraryName("onnxruntime4j_jni");

    @TempDir
    private Path folder;

    @Test
    void unpacksTheProviderBesideTheLibraryForCuda12() throws Exception {
        try (URLClassLoader loader = jar(Map.of(
                MICROSOFT + MAIN, "main", MICROSOFT + BINDING, "binding", MICROSOFT + "libonnxruntime_providers_cuda.so", "cuda",
                MICROSOFT + "libonnxruntime_providers_shared.so", "shared", MICROSOFT + "libonnxruntime_providers_tensorrt.so", "unused"))) {
            assertThat(NativeSet.of(loader)).isEqualTo(NativeSet.CUDA12);
            Path natives = NativeLibraries.unpack(NativeSet.CUDA12, loader, folder.resolve("natives"));

            assertThat(contents(natives)).containsOnly(
                    Map.entry(MAIN, "main"), Map.entry(BINDING, "binding"), Map.entry("libonnxruntime_providers_cuda.so", "cuda"),
                    Map.entry("libonnxruntime_providers_shared.so", "shared"));
        }
    }

    @Test
    void takesMicrosoftsBindingWithTheOtherLibrariesForCuda13() throws Exception {
        try (URLClassLoader loader = jar(Map.of(
                MICROSOFT + MAIN, "of the CPU", MICROSOFT + BINDING, "binding", JAVACPP + "libonnxruntime.so.1", "main",
                JAVACPP + "libonnxruntime_providers_cuda.so", "cuda", JAVACPP + "libonnxruntime_providers_shared.so", "shared"))) {
            assertThat(NativeSet.of(loader)).isEqualTo(NativeSet.CUDA13);
            Path natives = NativeLibraries.unpack(NativeSet.CUDA13, loader, folder.resolve("natives"));

            assertThat(contents(natives)).containsEntry(MAIN, "main").containsEntry(BINDING, "binding").hasSize(4);
        }
    }

    @Test
    void keepsWhatIsWholeAndReplacesWhatIsNot() throws Exception {
        try (URLClassLoader loader = jar(Map.of(MICROSOFT + MAIN, "main", MICROSOFT + BINDING, "binding"))) {
            assertThat(NativeSet.of(loader)).isEqualTo(NativeSet.CPU);
            Path natives = NativeLibraries.unpack(NativeSet.CPU, loader, folder.resolve("natives"));
            Files.writeString(natives.resolve(MAIN), "half");

            assertThat(NativeLibraries.unpack(NativeSet.CPU, loader, folder.resolve("natives"))).isEqualTo(natives);
            assertThat(contents(natives)).containsEntry(MAIN, "main").hasSize(2);
        }
    }

    @Test
    void anotherProviderBesideTheSameLibraryIsAnotherFolder() throws Exception {
        Map<String, String> entries = new LinkedHashMap<>(Map.of(
                MICROSOFT + MAIN, "main", MICROSOFT + BINDING, "binding", MICROSOFT + "libonnxruntime_providers_shared.so", "shared",
                MICROSOFT + "libonnxruntime_providers_cuda.so", "old"));
        Path first;
        try (URLClassLoader loader = jar(entries)) {
            first = NativeLibraries.unpack(NativeSet.CUDA12, loader, folder.resolve("natives"));
        }
        entries.put(MICROSOFT + "libonnxruntime_providers_cuda.so", "new");
        try (URLClassLoader loader = jar(entries)) {
            assertThat(NativeLibraries.unpack(NativeSet.CUDA12, loader, folder.resolve("natives"))).isNotEqualTo(first);
        }
    }

    @Test
    void saysForWhichSystemThereAreNone() throws Exception {
        try (URLClassLoader loader = jar(Map.of("other", ""))) {
            assertThatThrownBy(() -> NativeLibraries.unpack(NativeSet.CPU, loader, folder.resolve("natives")))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("no libraries for " + NativeSet.platform());
        }
    }

    private URLClassLoader jar(Map<String, String> entries) throws IOException {
        Path file = Files.createTempFile(folder, "natives", ".jar");
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(file))) {
            for (Map.Entry<String, String> entry : entries.entrySet()) {
                jar.putNextEntry(new JarEntry(entry.getKey()));
                jar.write(entry.getValue().getBytes(StandardCharsets.UTF_8));
            }
        }
        return new URLClassLoader(new URL[] {file.toUri().toURL()}, null);
    }

    private static Map<String, String> contents(Path folder) throws IOException {
        Map<String, String> contents = new LinkedHashMap<>();
        try (var files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                contents.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        return contents;
    }
}
