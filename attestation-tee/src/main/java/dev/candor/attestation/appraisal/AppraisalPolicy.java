package dev.candor.attestation.appraisal;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.digest.CanonicalJson;
import dev.candor.attestation.digest.Digest;
import dev.candor.attestation.digest.InvalidJsonException;

/**
 * What a Relying Party asks of Evidence (RFC 9334, 8.5).
 *
 * @param name           for people
 * @param acceptSoftware whether Evidence that proves nothing about the machine will do
 */
public record AppraisalPolicy(String name, boolean acceptSoftware) {

    /** Takes every kind of Evidence, software too, as long as it binds the key. */
    public static AppraisalPolicy standard() {
        return new AppraisalPolicy("candor standard v1", true);
    }

    /** Takes Evidence of hardware only. */
    public static AppraisalPolicy requireHardware() {
        return new AppraisalPolicy("candor hardware v1", false);
    }

    /** The policy as JSON. */
    public ObjectNode json() {
        return JsonNodeFactory.instance.objectNode().put("name", name).put("accept_software", acceptSoftware);
    }

    /** The SHA-256 of the JCS of {@link #json}. */
    public Digest digest() {
        try {
            return CanonicalJson.digest(json());
        } catch (InvalidJsonException e) {
            throw new IllegalStateException("the policy's name is not text: " + name, e);
        }
    }
}
