package dev.candor.attestation.tlog;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The files of one log directory. A file appears whole or not at all: it is written under another name, forced to the
 * disk, renamed, and its directory forced to the disk too.
 */
final class LogFiles {
    static final String CHECKPOINT = "checkpoint";
    static final String LOCK = ".lock";
    static final String TEMPORARY = ".tmp";

    private final Path root;
    private final Fault fault;

    /** Called before each step that changes the disk; a test throws from it. */
    @FunctionalInterface
    interface Fault {
        void before(String step, Path file) throws IOException;
    }

    LogFiles(Path root, Fault fault) {
        this.root = root;
        this.fault = fault;
    }

    LogFiles(Path root) {
        this(root, (step, file) -> {});
    }

    Path root() {
        return root;
    }

    Path path(TilePath tile) {
        return root.resolve(tile.path());
    }

    Optional<byte[]> readCheckpoint() throws IOException {
        return read(root.resolve(CHECKPOINT), SignedNote.MAX_BYTES);
    }

    Optional<byte[]> read(TilePath tile) throws IOException {
        return read(path(tile), tile.maxBytes());
    }

    private static Optional<byte[]> read(Path file, int maxBytes) throws IOException {
        try {
            long size = Files.size(file);
            if (size > maxBytes) {
                throw new LogStateException(file + " has " + size + " bytes, more than the " + maxBytes + " it can have");
            }
            return Optional.of(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    void replaceCheckpoint(byte[] note) throws IOException {
        write(root.resolve(CHECKPOINT), note);
    }

    /**
     * Writes a tile that never changes again. One that a crash left is kept if it is the same.
     *
     * @throws LogStateException if another content is there
     */
    void publish(TilePath tile, byte[] content) throws IOException {
        Path file = path(tile);
        Optional<byte[]> present = read(tile);
        if (present.isEmpty()) {
            makeDirectories(file.getParent());
            write(file, content);
        } else if (Arrays.equals(present.get(), content)) {
            syncDirectory(file.getParent());
        } else {
            throw new LogStateException(file + " is already written with other content; a published tile never changes. "
                    + "Run: candor log fsck");
        }
    }

    /** Widths of the partial tiles at the place of {@code tile}, ascending. */
    List<Integer> partialWidths(TilePath tile) throws IOException {
        List<Integer> widths = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(partialDirectory(tile))) {
            for (Path file : files) {
                String path = tile.fullPath() + ".p/" + file.getFileName();
                try {
                    widths.add(TilePath.parse(path).width());
                } catch (LogFormatException e) {
                    // not a tile; the offline check names it
                    continue;
                }
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        }
        widths.sort(null);
        return widths;
    }

    /** Removes the partial tiles that a full one has replaced. */
    void deletePartials(TilePath tile) throws IOException {
        for (int width : partialWidths(tile)) {
            Path file = path(tile.withWidth(width));
            fault.before("delete", file);
            Files.deleteIfExists(file);
        }
        fault.before("delete", partialDirectory(tile));
        Files.deleteIfExists(partialDirectory(tile));
    }

    boolean hasTiles() {
        return Files.exists(root.resolve("tile"));
    }

    /** Makes the log's directories and removes what a crash left half written. */
    void prepare() throws IOException {
        Path temporary = root.resolve(TEMPORARY);
        makeDirectories(root.toAbsolutePath());
        makeDirectories(temporary);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(temporary)) {
            for (Path file : files) {
                fault.before("delete", file);
                Files.deleteIfExists(file);
            }
        }
    }

    private Path partialDirectory(TilePath tile) {
        return root.resolve(tile.fullPath() + ".p");
    }

    private void write(Path file, byte[] content) throws IOException {
        Path temporary = root.resolve(TEMPORARY).resolve("next");
        fault.before("write", temporary);
        try (FileChannel out = FileChannel.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer left = ByteBuffer.wrap(content);
            while (left.hasRemaining()) {
                out.write(left);
            }
            fault.before("force", temporary);
            out.force(true);
        }
        fault.before("rename", file);
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        syncDirectory(file.getParent());
    }

    private void makeDirectories(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        makeDirectories(directory.getParent());
        fault.before("mkdir", directory);
        Files.createDirectories(directory);
        syncDirectory(directory.getParent());
    }

    private void syncDirectory(Path directory) throws IOException {
        fault.before("force directory", directory);
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
