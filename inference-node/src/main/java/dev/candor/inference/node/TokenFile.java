package dev.candor.inference.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;

/** A secret of 64 hexadecimal digits in a file of mode 0600, made at the first start. */
final class TokenFile {
    private static final int BYTES = 32;

    private final Path file;
    private final SecureRandom random;

    TokenFile(Path file, SecureRandom random) {
        this.file = file;
        this.random = random;
    }

    String token() throws IOException, StartException {
        if (!Files.exists(file)) {
            create();
        }
        String token = Files.readString(file).strip();
        if (token.length() < 2 * BYTES) {
            throw new StartException(file + " has less than " + 2 * BYTES + " characters; move it away to get a new one");
        }
        return token;
    }

    /** Written aside and moved, so that a kill never leaves half of it. */
    private void create() throws IOException {
        Path aside = file.resolveSibling(file.getFileName() + ".part");
        Files.deleteIfExists(aside);
        Files.createFile(aside, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        byte[] secret = new byte[BYTES];
        random.nextBytes(secret);
        Files.writeString(aside, HexFormat.of().formatHex(secret) + "\n");
        Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
