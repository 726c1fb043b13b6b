package dev.candor.client.pay;

import dev.candor.attestation.crypto.Secp256k1KeyPair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Optional;

/** A wallet's private key in a file: 64 hexadecimal digits, with or without {@code 0x}. */
public final class WalletFile {
    private final Path file;

    public WalletFile(Path file) {
        this.file = file;
    }

    /**
     * The key, if there is a file.
     *
     * @throws PaymentException if the file is not a key
     */
    public Optional<Secp256k1KeyPair> read() throws PaymentException {
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            String text = Files.readString(file).strip();
            return Optional.of(Secp256k1KeyPair.of(HexFormat.of().parseHex(text.startsWith("0x") ? text.substring(2) : text)));
        } catch (IOException | IllegalArgumentException e) {
            throw new PaymentException(file + " is not a wallet key of 64 hexadecimal digits: " + e.getMessage(), e);
        }
    }
}
