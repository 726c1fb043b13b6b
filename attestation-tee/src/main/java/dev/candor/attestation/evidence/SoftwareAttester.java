package dev.candor.attestation.evidence;

import dev.candor.attestation.crypto.Secp256k1KeyPair;
import dev.candor.attestation.digest.InvalidJsonException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/** The Attester of machines without a TEE. */
public final class SoftwareAttester implements Attester {
    private final Secp256k1KeyPair receiptKey;
    private final Map<String, String> platform;

    /**
     * @param receiptKey the key that the statements name
     * @param platform   what to say of the machine, for people to read
     */
    public SoftwareAttester(Secp256k1KeyPair receiptKey, Map<String, String> platform) {
        this.receiptKey = receiptKey;
        this.platform = new TreeMap<>(platform);
    }

    /** What this Java runtime knows of its machine: operating system, architecture, Java version. */
    public static Map<String, String> thisPlatform() {
        return Map.of(
                "arch", System.getProperty("os.arch", "unknown"),
                "java", System.getProperty("java.vm.version", "unknown"),
                "os", System.getProperty("os.name", "unknown") + " " + System.getProperty("os.version", ""));
    }

    @Override
    public String kind() {
        return SoftwareEvidence.KIND;
    }

    /** @throws IllegalArgumentException if the statement names another receipt key */
    @Override
    public Attestation attest(KeyStatement statement) {
        String own = HexFormat.of().formatHex(receiptKey.compressedPublicKey());
        if (!statement.receiptKey().equals(own)) {
            throw new IllegalArgumentException("the statement's receipt key is " + statement.receiptKey() + ", the attester's is " + own);
        }
        try {
            return new Attestation(statement, SoftwareEvidence.create(statement.digest(), platform, receiptKey));
        } catch (InvalidJsonException e) {
            throw new IllegalArgumentException("what is said of the machine cannot be written down: " + e.getMessage(), e);
        }
    }
}
