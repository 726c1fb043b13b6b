package dev.candor.attestation.evidence;

/** Makes Evidence on this machine (RFC 9334, 3). */
public interface Attester {

    /** The kind of Evidence it makes. */
    String kind();

    /** Evidence that binds {@code statement}, together with it. */
    Attestation attest(KeyStatement statement);
}
