package dev.candor.inference.keys;

import dev.candor.attestation.digest.Digest;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * A key that was given out, by its digest: the key itself is nowhere but with its holder.
 *
 * @param name              1 to 64 letters, digits, {@code .}, {@code _} and {@code -}; its holder for logs, status and limits
 * @param digest            SHA-256 of the key's characters
 * @param expires           when it is good no more
 * @param requestsPerMinute in place of the node's limit; 0 for none
 * @param tokensPerMinute   in place of the node's limit; 0 for none
 */
public record ApiKey(
        String name, Digest digest, Instant created, Optional<Instant> expires, OptionalInt requestsPerMinute, OptionalInt tokensPerMinute) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    /** @throws IllegalArgumentException saying what is wrong with a value */
    public ApiKey {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("a key's name must be 1 to 64 letters, digits, dots, underscores and hyphens");
        }
        requireLimit("requests", requestsPerMinute);
        requireLimit("tokens", tokensPerMinute);
    }

    private static void requireLimit(String what, OptionalInt limit) {
        if (limit.isPresent() && limit.getAsInt() < 0) {
            throw new IllegalArgumentException("a key's limit of " + what + " a minute must not be negative, got " + limit.getAsInt());
        }
    }

    /** Whether it is good no more. */
    public boolean expired(Instant now) {
        return expires.isPresent() && !now.isBefore(expires.get());
    }
}
