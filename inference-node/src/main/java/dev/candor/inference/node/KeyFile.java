package dev.candor.inference.node;

import dev.candor.attestation.crypto.Secp256k1KeyPair;
import dev.candor.settlement.chain.ChainAccount;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;

/** An account's private key, 64 hexadecimal digits in a {@link SecretFile}. */
final class KeyFile {
    private final Path file;
    private final SecureRandom random;

    KeyFile(Path file, SecureRandom random) {
        this.file = file;
        this.random = random;
    }

    ChainAccount account() throws IOException, StartException {
        String text = new SecretFile(file).read(() -> Secp256k1KeyPair.generate(random).secret());
        try {
            return ChainAccount.of(HexFormat.of().parseHex(text.startsWith("0x") ? text.substring(2) : text));
        } catch (IllegalArgumentException e) {
            throw new StartException(file + " is not a private key of 64 hexadecimal digits; put the key back, or move the file away to get a new one", e);
        }
    }
}
