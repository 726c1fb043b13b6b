package dev.candor.inference.engine.ort;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32;

/**
 * Unpacks ONNX Runtime's native libraries into a folder that outlives the process. Left to itself the binding unpacks them into the
 * temporary folder at every start, and a killed process leaves 28 MB there.
 */
final class NativeLibraries {
    private static final int BUFFER = 1 << 16;

    private NativeLibraries() {}

    /**
     * Brings the libraries into a sub-folder of {@code folder} named by their checksum; those that are there and whole are kept.
     *
     * @return the sub-folder
     * @throws UncheckedIOException if the folder cannot be written
     */
    static Path unpack(Path folder) {
        String platform = platform();
        try {
            List<URL> sources = List.of(
                    resource(platform, System.mapLibraryName("onnxruntime")), resource(platform, System.mapLibraryName("onnxruntime4j_jni")));
            Path target = Files.createDirectories(folder.resolve("onnxruntime-" + platform + "-" + Long.toHexString(crc(sources.getFirst()))));
            for (URL source : sources) {
                unpack(source, target);
            }
            return target;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot unpack ONNX Runtime's libraries into " + folder + ": " + e.getMessage() + " (is the folder writable, with 30 MB free?)",
                    e);
        }
    }

    private static void unpack(URL source, Path folder) throws IOException {
        String path = source.getPath();
        Path file = folder.resolve(path.substring(path.lastIndexOf('/') + 1));
        if (Files.isRegularFile(file) && crcOf(file) == crc(source)) {
            return;
        }
        Path part = Files.createTempFile(folder, file.getFileName().toString(), ".part");
        try (InputStream in = source.openStream()) {
            Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static URL resource(String platform, String name) throws IOException {
        URL url = NativeLibraries.class.getResource("/ai/onnxruntime/native/" + platform + "/" + name);
        if (url == null) {
            throw new IOException("the ONNX Runtime on the class path has no libraries for " + platform);
        }
        return url;
    }

    private static long crc(URL resource) throws IOException {
        URLConnection connection = resource.openConnection();
        if (connection instanceof JarURLConnection jar) {
            return jar.getJarEntry().getCrc();
        }
        try (InputStream in = connection.getInputStream()) {
            return crcOf(in);
        }
    }

    private static long crcOf(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return crcOf(in);
        }
    }

    private static long crcOf(InputStream in) throws IOException {
        CRC32 crc = new CRC32();
        byte[] buffer = new byte[BUFFER];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            crc.update(buffer, 0, n);
        }
        return crc.getValue();
    }

    private static String platform() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String arch = System.getProperty("os.arch");
        String system = os.contains("linux") ? "linux" : os.contains("mac") ? "osx" : os.contains("win") ? "win" : os;
        return system + "-" + (List.of("amd64", "x86_64").contains(arch) ? "x64" : arch);
    }
}
