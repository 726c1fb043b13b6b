package dev.candor.bench.peers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** Bytes of a file, or of all files in a folder. */
final class Sizes {
    private Sizes() {}

    static Optional<Long> of(Path fileOrFolder) {
        try (Stream<Path> files = Files.walk(fileOrFolder)) {
            return Optional.of(files.filter(Files::isRegularFile).mapToLong(Sizes::size).sum());
        } catch (IOException | UncheckedIOException absent) {
            return Optional.empty();
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
