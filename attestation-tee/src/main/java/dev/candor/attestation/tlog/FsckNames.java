package dev.candor.attestation.tlog;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/** Looks for files under a log's directory that do not belong there. */
final class FsckNames extends SimpleFileVisitor<Path> {
    private final Path root;
    private final long entries;
    private final FsckFaults faults;

    /** @param entries how many entries were read; the tiles over them were compared, others were not */
    FsckNames(Path root, long entries, FsckFaults faults) {
        this.root = root;
        this.entries = entries;
        this.faults = faults;
    }

    void check() throws IOException {
        Files.walkFileTree(root, this);
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
        boolean temporary = directory.equals(root.resolve(LogFiles.TEMPORARY));
        return temporary ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
        String name = root.relativize(file).toString();
        if (name.equals(LogFiles.LOCK)) {
            if (attributes.size() > 0) {
                faults.add(name + ": holds " + attributes.size() + " bytes, must be empty");
            }
        } else if (!name.equals(LogFiles.CHECKPOINT)) {
            checkTileName(name, attributes);
        }
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) {
        // a writer may remove partial tiles meanwhile
        if (!(e instanceof NoSuchFileException)) {
            faults.add(root.relativize(file) + ": cannot be read: " + e);
        }
        return FileVisitResult.CONTINUE;
    }

    private void checkTileName(String name, BasicFileAttributes attributes) {
        try {
            TilePath tile = TilePath.parse(name);
            if (!attributes.isRegularFile()) {
                faults.add(name + ": is not a regular file");
            } else if (TilePath.widthAt(tile.level(), tile.index(), entries) < tile.width()) {
                faults.add(name + ": is past the last readable entry, of which there are " + entries);
            }
        } catch (LogFormatException e) {
            faults.add(name + ": does not belong to a log");
        }
    }
}
