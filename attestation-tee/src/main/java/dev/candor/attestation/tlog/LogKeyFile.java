package dev.candor.attestation.tlog;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.Set;
import java.util.regex.Pattern;

/** The file that holds a log key's seed: 64 hexadecimal digits and a newline, mode 0600. */
final class LogKeyFile {
    private static final Pattern SEED = Pattern.compile("[0-9a-f]{64}\n?");
    private static final int MAX_BYTES = 65;
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    private final Path file;

    LogKeyFile(Path file) {
        this.file = file;
    }

    byte[] read() throws IOException {
        if (!Files.exists(file)) {
            throw new IOException("the log key " + file + " is missing");
        }
        Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
        if (!OWNER_ONLY.containsAll(mode)) {
            throw new IOException("the log key " + file + " has mode " + PosixFilePermissions.toString(mode)
                    + ", so others may have read it; run: chmod 600 " + file);
        }
        long size = Files.size(file);
        String text = size > MAX_BYTES ? "" : Files.readString(file, StandardCharsets.ISO_8859_1);
        if (!SEED.matcher(text).matches()) {
            throw new IOException("the log key " + file + " must hold 64 lower-case hexadecimal digits, has " + size
                    + " bytes of something else; restore it, since a new key means a new log");
        }
        return HexFormat.of().parseHex(text.strip());
    }

    /** Writes the file as a whole, so that a crash leaves no half of a key. */
    void write(byte[] seed) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(temporary);
        Files.createFile(temporary, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        try (FileChannel out = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
            ByteBuffer text = ByteBuffer.wrap((HexFormat.of().formatHex(seed) + "\n").getBytes(StandardCharsets.US_ASCII));
            while (text.hasRemaining()) {
                out.write(text);
            }
            out.force(true);
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel directory = FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            directory.force(true);
        }
    }
}
