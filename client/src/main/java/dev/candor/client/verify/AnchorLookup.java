package dev.candor.client.verify;

import com.fasterxml.jackson.databind.JsonNode;
import dev.candor.attestation.evidence.KeyStatement;
import java.net.URI;

/** Looks an anchor up on its chain. */
public interface AnchorLookup {
    /**
     * Confirms that the contract named in the key statement holds the anchor, made by the node's own account.
     *
     * @param anchor as {@code GET /v1/receipts/{id}/anchor} gave it
     * @return what was found, for people
     * @throws AnchorException if the chain cannot be asked, or does not hold it
     */
    String confirm(URI rpc, JsonNode anchor, KeyStatement statement) throws AnchorException;

    /** An anchor was not confirmed; the message says why. */
    final class AnchorException extends Exception {
        public AnchorException(String message) {
            super(message);
        }

        public AnchorException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
