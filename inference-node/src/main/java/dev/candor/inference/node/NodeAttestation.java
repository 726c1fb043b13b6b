package dev.candor.inference.node;

import dev.candor.attestation.appraisal.AppraisalPolicy;
import dev.candor.attestation.crypto.EvmAddress;
import dev.candor.attestation.crypto.Secp256k1KeyPair;
import dev.candor.attestation.digest.Digest;
import dev.candor.attestation.evidence.Attestation;
import dev.candor.attestation.evidence.KeyStatement;
import dev.candor.attestation.evidence.SoftwareAttester;
import dev.candor.attestation.receipt.EvidenceBinding;
import dev.candor.attestation.receipt.LogEntry;
import dev.candor.attestation.tlog.LogKey;
import dev.candor.inference.config.Listen;
import dev.candor.settlement.ledger.Ledger;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The receipt key of one run with the Evidence that binds it.
 *
 * @param key made at the start, never written down
 */
record NodeAttestation(Secp256k1KeyPair key, Attestation attestation) {
    private static final int NONCE_BYTES = 16;

    /** Makes a new key and Evidence for it. */
    static NodeAttestation create(LogKey log, NodeChain chain, EvmAddress operator, Listen listen, SecureRandom random)
            throws IOException, StartException {
        Secp256k1KeyPair key = Secp256k1KeyPair.generate(random);
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        KeyStatement statement = new KeyStatement(
                log.nodeId(),
                KeyStatement.PURPOSE,
                HexFormat.of().formatHex(key.compressedPublicKey()),
                log.origin(),
                log.verifierKey().vkey(),
                Optional.of(operator),
                Optional.of(chain.id()),
                chain.addresses().anchor(),
                tlsKey(listen),
                HexFormat.of().formatHex(nonce));
        return new NodeAttestation(key, new SoftwareAttester(key, SoftwareAttester.thisPlatform()).attest(statement));
    }

    /** Writes the attestation where clients of later years find it, and the key statement into the log. */
    void publish(Path folder, Ledger ledger) throws IOException {
        Files.createDirectories(folder);
        Path temporary = Files.createTempFile(folder, "new", ".tmp");
        Files.writeString(temporary, attestation.json().toString(), StandardOpenOption.WRITE, StandardOpenOption.SYNC);
        Files.move(temporary, folder.resolve(attestation.evidence().digest().hex() + ".json"), StandardCopyOption.ATOMIC_MOVE);
        ledger.appendLeaf(LogEntry.keyStatement(attestation.statement().digest()).bytes()).join();
    }

    EvidenceBinding binding() {
        return new EvidenceBinding(
                attestation.evidence().kind(), attestation.evidence().digest(), Optional.empty(), AppraisalPolicy.standard().digest());
    }

    private static Optional<String> tlsKey(Listen listen) throws IOException, StartException {
        if (listen.tls().isEmpty()) {
            return Optional.empty();
        }
        Path file = listen.tls().get().certificate();
        try (InputStream in = Files.newInputStream(file)) {
            byte[] key = CertificateFactory.getInstance("X.509").generateCertificate(in).getPublicKey().getEncoded();
            return Optional.of(Digest.sha256(key).hex());
        } catch (CertificateException e) {
            throw new StartException("--tls-cert " + file + " is not a PEM certificate: " + e.getMessage(), e);
        }
    }
}
