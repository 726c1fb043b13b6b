package dev.candor.hub.store;

import dev.candor.attestation.digest.Digest;
import dev.candor.hub.manifest.ManifestVerifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongConsumer;

/** Compares a fetched file with what the catalog says of it. */
record FileCheck(String label, long size, Digest sha256) {
    /** @throws FetchException if the file has another size or digest */
    void require(Path file, LongConsumer progress) throws IOException {
        long actual = Files.size(file);
        if (actual != size) {
            throw new FetchException(label + " has " + actual + " bytes, the catalog says " + size + "; it was cut off or is another file");
        }
        Digest digest = ManifestVerifier.hash(file, progress);
        if (!digest.equals(sha256)) {
            throw new FetchException(label + " has digest " + digest + ", the catalog says " + sha256
                    + "; what arrived is not the published file and was thrown away");
        }
    }

    /** Whether {@code file} exists and is as expected. */
    boolean accepts(Path file, LongConsumer progress) throws IOException {
        return Files.isRegularFile(file) && Files.size(file) == size && ManifestVerifier.hash(file, progress).equals(sha256);
    }
}
