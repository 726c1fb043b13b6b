package dev.candor.inference.cli;

import dev.candor.attestation.crypto.EvmAddress;
import dev.candor.attestation.crypto.InvalidSignatureException;
import dev.candor.attestation.crypto.Secp256k1;
import dev.candor.attestation.digest.InvalidJsonException;
import dev.candor.attestation.evidence.Attestation;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The receipt keys of all starts of a node, from the attestations that it stored.
 *
 * @param byAddress compressed public keys by the address that receipts name
 */
record StoredReceiptKeys(Map<EvmAddress, byte[]> byAddress) {
    /** Reads a folder of attestations; what cannot be read is added to {@code faults} in words. */
    static StoredReceiptKeys read(Path folder, List<String> faults) throws IOException {
        Map<EvmAddress, byte[]> keys = new HashMap<>();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.json")) {
                for (Path file : files) {
                    add(file, keys, faults);
                }
            }
        }
        return new StoredReceiptKeys(keys);
    }

    private static void add(Path file, Map<EvmAddress, byte[]> keys, List<String> faults) throws IOException {
        try {
            if (Files.size(file) > Attestation.MAX_BYTES) {
                throw new InvalidJsonException("has " + Files.size(file) + " bytes");
            }
            byte[] key = Attestation.parse(Files.readAllBytes(file)).statement().receiptKeyBytes();
            keys.put(Secp256k1.get().address(key), key);
        } catch (InvalidJsonException | InvalidSignatureException e) {
            faults.add("attestation " + file.getFileName() + ": " + e.getMessage());
        }
    }
}
