package dev.candor.attestation.evidence;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.crypto.InvalidSignatureException;
import dev.candor.attestation.crypto.Secp256k1;
import dev.candor.attestation.crypto.Secp256k1KeyPair;
import dev.candor.attestation.digest.Base64Url;
import dev.candor.attestation.digest.CanonicalJson;
import dev.candor.attestation.digest.Digest;
import dev.candor.attestation.digest.InvalidJsonException;
import dev.candor.attestation.digest.JsonFields;
import dev.candor.attestation.digest.StrictJson;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Evidence of a machine without a TEE. It shows that whoever made it holds the receipt key, and nothing about the machine. Its bytes are
 * canonical JSON (RFC 8785).
 */
public final class SoftwareEvidence implements Evidence {
    /** This kind's name. */
    public static final String KIND = "software";
    /** Stands in every piece of this Evidence, in every Attestation and in every result drawn from it. */
    public static final String NOTE =
            "Software evidence proves nothing about the machine: only that the node holds the receipt key. Anybody can make it anywhere.";

    private static final String TYPE = "candor software evidence v1";
    private static final int MAX_BYTES = 16 * 1024;
    private static final int MAX_FACTS = 32;

    private final byte[] bytes;
    private final Digest statement;
    private final SortedMap<String, String> platform;
    private final byte[] signature;

    private SoftwareEvidence(byte[] bytes, Digest statement, SortedMap<String, String> platform, byte[] signature) {
        this.bytes = bytes;
        this.statement = statement;
        this.platform = Collections.unmodifiableSortedMap(platform);
        this.signature = signature;
    }

    /** Evidence that binds {@code statement}, signed with the key that the statement names. */
    static SoftwareEvidence create(Digest statement, Map<String, String> platform, Secp256k1KeyPair receiptKey) throws InvalidJsonException {
        ObjectNode json = unsigned(statement, platform);
        byte[] signature = receiptKey.signDigest(CanonicalJson.digest(json).bytes());
        json.put("signature", Base64Url.encode(signature));
        return parse(CanonicalJson.bytes(json));
    }

    private static ObjectNode unsigned(Digest statement, Map<String, String> platform) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("type", TYPE);
        json.put("kind", KIND);
        json.put("key_statement", statement.hex());
        json.put("note", NOTE);
        platform.forEach(json.putObject("platform")::put);
        return json;
    }

    /**
     * Reads this kind's bytes.
     *
     * @throws InvalidJsonException if they are not the canonical JSON of software evidence, its note included
     */
    static SoftwareEvidence parse(byte[] bytes) throws InvalidJsonException {
        if (bytes.length > MAX_BYTES) {
            throw new InvalidJsonException("software evidence of " + bytes.length + " bytes, at most " + MAX_BYTES + " are taken");
        }
        ObjectNode json = StrictJson.parseObject(bytes);
        if (!Arrays.equals(CanonicalJson.bytes(json), bytes)) {
            throw new InvalidJsonException("software evidence is not canonical JSON");
        }
        JsonFields in = new JsonFields(json, "evidence");
        exactly(in, "type", TYPE);
        exactly(in, "kind", KIND);
        exactly(in, "note", NOTE);
        Digest statement = in.value("key_statement", Digest::new);
        byte[] signature = in.value("signature", Base64Url::decode);
        SortedMap<String, String> platform = platform(in);
        in.end();
        return new SoftwareEvidence(bytes.clone(), statement, platform, signature);
    }

    private static void exactly(JsonFields in, String name, String wanted) throws InvalidJsonException {
        if (!in.text(name).equals(wanted)) {
            throw in.wrong(name, "\"" + wanted + "\"");
        }
    }

    private static SortedMap<String, String> platform(JsonFields in) throws InvalidJsonException {
        JsonFields facts = in.fields("platform");
        SortedMap<String, String> platform = new TreeMap<>();
        for (Map.Entry<String, com.fasterxml.jackson.databind.JsonNode> fact : in.required("platform").properties()) {
            platform.put(fact.getKey(), facts.text(fact.getKey()));
        }
        if (platform.size() > MAX_FACTS) {
            throw in.wrong("platform", "an object of at most " + MAX_FACTS + " members");
        }
        return platform;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public boolean hardware() {
        return false;
    }

    @Override
    public byte[] bytes() {
        return bytes.clone();
    }

    /** The digest of the key statement that this Evidence is of. */
    public Digest statement() {
        return statement;
    }

    /** What the node says of its machine; nothing backs it. */
    public SortedMap<String, String> platform() {
        return platform;
    }

    /**
     * Checks that the holder of a key made this Evidence.
     *
     * @param publicKey 33 bytes, compressed
     * @throws InvalidSignatureException if not
     */
    public void verifySignature(byte[] publicKey) throws InvalidSignatureException {
        try {
            Secp256k1.get().verify(publicKey, CanonicalJson.digest(unsigned(statement, platform)).bytes(), signature);
        } catch (InvalidJsonException e) {
            throw new IllegalStateException("values that were read from canonical JSON have a canonical form", e);
        }
    }
}
