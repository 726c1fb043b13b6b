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
    private static final long MIN_FREE = 30;

    private NativeLibraries() {}

    /**
     * Brings the libraries into a sub-folder of {@code folder} named by their checksum; those that are there and whole are kept.
     *
     * @return the sub-folder
     * @throws UncheckedIOException if the folder cannot be written
     */
    static Path unpack(NativeSet set, ClassLoader loader, Path folder) {
        long bytes = 0;
        try {
            List<NativeSet.Source> sources = set.sources(loader)
                    .orElseThrow(() -> new IOException("the ONNX Runtime on the class path has no libraries for " + NativeSet.platform()));
            String name = String.join("-", "onnxruntime", NativeSet.platform(), set.name().toLowerCase(Locale.ROOT), checksum(sources));
            Path target = Files.createDirectories(folder.resolve(name));
            for (NativeSet.Source source : sources) {
                bytes += source.resource().openConnection().getContentLengthLong();
                unpack(source, target);
            }
            return target;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot unpack ONNX Runtime's libraries into " + folder + ": " + e.getMessage() + " (is the folder writable, with "
                            + (MIN_FREE + (bytes >> 20)) + " MB free?)",
                    e);
        }
    }

    /** Of all libraries: a set with another provider beside the same main library is another set. */
    private static String checksum(List<NativeSet.Source> sources) throws IOException {
        long all = 0;
        for (NativeSet.Source source : sources) {
            all = Long.rotateLeft(all, 1) ^ crc(source.resource());
        }
        return Long.toHexString(all);
    }

    private static void unpack(NativeSet.Source source, Path folder) throws IOException {
        Path file = folder.resolve(source.file());
        if (Files.isRegularFile(file) && crcOf(file) == crc(source.resource())) {
            return;
        }
        Path part = Files.createTempFile(folder, source.file(), ".part");
        try (InputStream in = source.resource().openStream()) {
            Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
            if (crcOf(part) != crc(source.resource())) {
                throw new IOException(source.file() + " came out other than its archive says");
            }
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
        }
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
}
