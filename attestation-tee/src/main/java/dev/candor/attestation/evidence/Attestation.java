package dev.candor.attestation.evidence;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.digest.Base64Url;
import dev.candor.attestation.digest.InvalidJsonException;
import dev.candor.attestation.digest.JsonFields;
import dev.candor.attestation.digest.StrictJson;

/** A key statement with the Evidence that is to bind it; believed only after appraisal. */
public record Attestation(KeyStatement statement, Evidence evidence) {
    /** How long an Attestation's JSON may be. */
    public static final int MAX_BYTES = 256 * 1024;

    /** {@code {"key_statement", "evidence": {"kind", "data"}, "note"}}; the note only where the Evidence says nothing of hardware. */
    public ObjectNode json() {
        ObjectNode out = JsonNodeFactory.instance.objectNode();
        out.set("key_statement", statement.json());
        out.putObject("evidence").put("kind", evidence.kind()).put("data", Base64Url.encode(evidence.bytes()));
        if (!evidence.hardware()) {
            out.put("note", SoftwareEvidence.NOTE);
        }
        return out;
    }

    /**
     * Reads what {@link #json} writes.
     *
     * @throws InvalidJsonException if it is longer than {@value #MAX_BYTES} bytes, or not exactly of that form
     */
    public static Attestation parse(byte[] json) throws InvalidJsonException {
        if (json.length > MAX_BYTES) {
            throw new InvalidJsonException("an attestation of " + json.length + " bytes, at most " + MAX_BYTES + " are taken");
        }
        return parse(StrictJson.parse(json));
    }

    /** Reads what {@link #json} writes, from a document that holds it; the caller bounds the document. */
    public static Attestation parse(JsonNode json) throws InvalidJsonException {
        JsonFields in = new JsonFields(json, "attestation");
        KeyStatement statement = KeyStatement.parse(in.required("key_statement"));
        JsonFields evidence = in.fields("evidence");
        Attestation attestation = new Attestation(statement, Evidence.parse(evidence.text("kind"), evidence.value("data", Base64Url::decode)));
        evidence.end();
        if (!attestation.evidence().hardware() && !in.text("note").equals(SoftwareEvidence.NOTE)) {
            throw in.wrong("note", "\"" + SoftwareEvidence.NOTE + "\"");
        }
        in.end();
        return attestation;
    }
}
