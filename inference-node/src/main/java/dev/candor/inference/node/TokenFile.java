package dev.candor.inference.node;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;

/** A token of 64 hexadecimal digits in a {@link SecretFile}. */
final class TokenFile {
    private static final int BYTES = 32;

    private final Path file;
    private final SecureRandom random;

    TokenFile(Path file, SecureRandom random) {
        this.file = file;
        this.random = random;
    }

    String token() throws IOException, StartException {
        String token = new SecretFile(file).read(() -> {
            byte[] secret = new byte[BYTES];
            random.nextBytes(secret);
            return secret;
        });
        if (token.length() < 2 * BYTES) {
            throw new StartException(file + " has less than " + 2 * BYTES + " characters; move it away to get a new one");
        }
        return token;
    }
}
