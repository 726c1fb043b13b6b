package dev.candor.inference.node;

import dev.candor.attestation.digest.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.security.MessageDigest;
import java.util.List;
import java.util.stream.Stream;

/** SHA-256 over the program files that run: for each, sorted by name, its name, a zero byte and the SHA-256 of its bytes. */
final class BuildDigest {
    private static final int BUFFER = 1 << 16;

    private final Path program;

    /** @param program the jar that runs, with its libraries in {@code lib} beside it; or a folder of classes */
    BuildDigest(Path program) {
        this.program = program;
    }

    /** Of the program that this class was loaded from. */
    static Digest ofRunning() {
        try {
            CodeSource source = BuildDigest.class.getProtectionDomain().getCodeSource();
            return new BuildDigest(Path.of(source.getLocation().toURI())).compute();
        } catch (URISyntaxException e) {
            throw new IllegalStateException("a class is loaded from a place with a path", e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the node's own program files", e);
        }
    }

    Digest compute() throws IOException {
        MessageDigest whole = Digest.newSha256();
        Path base = Files.isDirectory(program) ? program : program.getParent();
        for (Path file : files(base)) {
            whole.update(base.relativize(file).toString().getBytes(StandardCharsets.UTF_8));
            whole.update((byte) 0);
            whole.update(digest(file));
        }
        return Digest.of(whole.digest());
    }

    private List<Path> files(Path base) throws IOException {
        if (Files.isDirectory(program)) {
            try (Stream<Path> all = Files.walk(program)) {
                return all.filter(Files::isRegularFile).sorted().toList();
            }
        }
        Path libraries = base.resolve("lib");
        try (Stream<Path> all = Files.isDirectory(libraries) ? Files.list(libraries) : Stream.empty()) {
            return Stream.concat(Stream.of(program), all).sorted().toList();
        }
    }

    private static byte[] digest(Path file) throws IOException {
        MessageDigest sha = Digest.newSha256();
        try (InputStream in = Files.newInputStream(file)) {
            byte[] buffer = new byte[BUFFER];
            for (int length; (length = in.read(buffer)) >= 0; ) {
                sha.update(buffer, 0, length);
            }
        }
        return sha.digest();
    }
}
