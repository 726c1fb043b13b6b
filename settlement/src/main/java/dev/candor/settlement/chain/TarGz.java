package dev.candor.settlement.chain;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** Takes single files out of a gzipped tar archive (POSIX.1-1988 ustar), as npm makes them. */
final class TarGz {
    private static final int BLOCK = 512;

    private final Path archive;

    TarGz(Path archive) {
        this.archive = archive;
    }

    /** Writes the file {@code name} to {@code target}. @throws IOException also if it is absent or longer than {@code maxBytes} */
    void extract(String name, Path target, long maxBytes) throws IOException {
        try (InputStream in = new GZIPInputStream(Files.newInputStream(archive), 1 << 16)) {
            byte[] header = new byte[BLOCK];
            while (in.readNBytes(header, 0, BLOCK) == BLOCK && header[0] != 0) {
                long size = octal(header, 124, 12);
                if (size > maxBytes) {
                    throw new IOException("a file of " + size + " bytes in " + archive.getFileName() + " is too long");
                }
                if (name(header).equals(name)) {
                    try (OutputStream out = Files.newOutputStream(target)) {
                        copy(in, out, size);
                    }
                    return;
                }
                copy(in, OutputStream.nullOutputStream(), (size + BLOCK - 1) / BLOCK * BLOCK);
            }
        }
        throw new IOException("no file " + name + " in " + archive.getFileName());
    }

    private static void copy(InputStream in, OutputStream out, long size) throws IOException {
        byte[] buffer = new byte[1 << 16];
        for (long left = size; left > 0; ) {
            int read = in.read(buffer, 0, (int) Math.min(left, buffer.length));
            if (read < 0) {
                throw new EOFException("the archive ends within a file");
            }
            out.write(buffer, 0, read);
            left -= read;
        }
    }

    private static String name(byte[] header) {
        String prefix = text(header, 345, 155);
        String name = text(header, 0, 100);
        return prefix.isEmpty() ? name : prefix + "/" + name;
    }

    private static long octal(byte[] header, int offset, int length) throws IOException {
        String digits = text(header, offset, length).strip();
        if (!digits.matches("[0-7]{1,12}")) {
            throw new IOException("a malformed tar header");
        }
        return Long.parseLong(digits, 8);
    }

    private static String text(byte[] header, int offset, int length) {
        int end = offset;
        while (end < offset + length && header[end] != 0) {
            end++;
        }
        return new String(header, offset, end - offset, StandardCharsets.US_ASCII);
    }
}
