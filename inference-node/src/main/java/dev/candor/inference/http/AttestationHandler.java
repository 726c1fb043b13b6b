package dev.candor.inference.http;

import dev.candor.attestation.digest.Digest;
import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** {@code GET /v1/attestation} and {@code /v1/attestation/{evidence digest}}: key statements with their Evidence. Blocks. */
final class AttestationHandler {
    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

    private final Path folder;
    private final Digest inForce;

    /**
     * @param folder  holds one {@code <evidence digest>.json} for each start of the node
     * @param inForce digest of the Evidence of this start
     */
    AttestationHandler(Path folder, Digest inForce) {
        this.folder = folder;
        this.inForce = inForce;
    }

    void current(Exchange exchange) throws IOException {
        exchange.send(Reply.of(Reply.JSON, Files.readAllBytes(file(inForce.hex()))).with("cache-control", "no-cache"));
    }

    void byDigest(Exchange exchange) throws ApiException, IOException {
        String digest = exchange.pathParameter("digest");
        if (!DIGEST.matcher(digest).matches() || !Files.isRegularFile(file(digest))) {
            throw new ApiException(ErrorCode.ATTESTATION_NOT_FOUND, "This node never had Evidence with that digest.", "digest");
        }
        exchange.send(Reply.of(Reply.JSON, Files.readAllBytes(file(digest))));
    }

    private Path file(String digest) {
        return folder.resolve(digest + ".json");
    }
}
