package dev.candor.inference.keys;

import dev.candor.attestation.digest.Digest;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;

/** A key as its holder has it: {@value #PREFIX} and 256 random bits, so that no guessing and no slow hash is needed. */
public record ApiSecret(String text) {
    /** What every key begins with; what clients send otherwise, because their library asks for something, is no key. */
    public static final String PREFIX = "sk-candor-";

    private static final int BYTES = 32;

    /** A new one. */
    public static ApiSecret draw(SecureRandom random) {
        byte[] bits = new byte[BYTES];
        random.nextBytes(bits);
        return new ApiSecret(PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bits));
    }

    /** Whether it looks like a key of a node. */
    public boolean claimsToBeKey() {
        return text.startsWith(PREFIX);
    }

    /** What a node keeps of it. */
    public Digest digest() {
        return Digest.sha256(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Never the secret. */
    @Override
    public String toString() {
        return PREFIX + "…";
    }
}
