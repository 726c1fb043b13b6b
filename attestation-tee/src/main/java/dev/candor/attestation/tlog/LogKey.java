package dev.candor.attestation.tlog;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.EdECPublicKey;
import java.security.spec.NamedParameterSpec;
import java.util.HexFormat;
import java.util.List;

/** The Ed25519 key (RFC 8032) that signs a log's checkpoints. Its text form names only the public half. */
public final class LogKey {
    private static final int SEED_BYTES = 32;

    private final PrivateKey privateKey;
    private final LogVerifierKey verifier;

    private LogKey(byte[] seed) {
        KeyPair pair = keyPair(seed);
        privateKey = pair.getPrivate();
        byte[] publicKey = encode((EdECPublicKey) pair.getPublic());
        String origin = LogVerifierKey.ORIGIN_PREFIX + LogVerifierKey.nodeId(publicKey);
        verifier = new LogVerifierKey(origin, HexFormat.of().formatHex(publicKey));
        requirePair();
    }

    /** The key of a 32-byte seed, RFC 8032 section 5.1.5. */
    public static LogKey of(byte[] seed) {
        if (seed.length != SEED_BYTES) {
            throw new IllegalArgumentException("an Ed25519 seed has 32 bytes, got " + seed.length);
        }
        return new LogKey(seed);
    }

    public static LogKey generate(SecureRandom random) {
        byte[] seed = new byte[SEED_BYTES];
        random.nextBytes(seed);
        return of(seed);
    }

    /**
     * The key whose seed {@code file} holds as 64 hexadecimal digits; a new one, written with mode 0600, if there is none.
     *
     * @throws IOException if the file holds something else, others may read it, or it cannot be written
     */
    public static LogKey loadOrCreate(Path file, SecureRandom random) throws IOException {
        LogKeyFile keyFile = new LogKeyFile(file);
        if (!Files.exists(file)) {
            byte[] seed = new byte[SEED_BYTES];
            random.nextBytes(seed);
            keyFile.write(seed);
        }
        return of(keyFile.read());
    }

    /** The key whose seed {@code file} holds; the errors are those of {@link #loadOrCreate}. */
    public static LogKey load(Path file) throws IOException {
        return of(new LogKeyFile(file).read());
    }

    /** The origin line of this key's log: {@code candor.node/<node id>}. */
    public String origin() {
        return verifier.name();
    }

    public String nodeId() {
        return verifier.nodeId();
    }

    /** The public half, named by {@link #origin}. */
    public LogVerifierKey verifierKey() {
        return verifier;
    }

    /** Signs a checkpoint of this key's log. The caller answers for never signing two that contradict each other. */
    public SignedCheckpoint sign(Checkpoint checkpoint) {
        if (!checkpoint.origin().equals(origin())) {
            throw new IllegalArgumentException("checkpoint of " + checkpoint.origin() + " to be signed by the key of " + origin());
        }
        byte[] signature = signBytes(checkpoint.text().getBytes(StandardCharsets.UTF_8));
        SignedNote.Signature line = SignedNote.Signature.of(origin(), verifier.keyId(), signature);
        return new SignedCheckpoint(checkpoint, new SignedNote(checkpoint.text(), List.of(line)));
    }

    @Override
    public String toString() {
        return "LogKey[" + verifier.vkey() + "]";
    }

    private byte[] signBytes(byte[] message) {
        try {
            Signature signer = Signature.getInstance("Ed25519");
            signer.initSign(privateKey);
            signer.update(message);
            return signer.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Ed25519 of the JDK failed", e);
        }
    }

    /**
     * The JDK makes no public key from a private one; its generator, however, takes exactly the seed from its random source.
     * That is checked by {@link #requirePair}.
     */
    private static KeyPair keyPair(byte[] seed) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
            generator.initialize(NamedParameterSpec.ED25519, new SeedSource(seed));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform since 15 has Ed25519", e);
        }
    }

    private void requirePair() {
        byte[] probe = {1};
        try {
            verifier.verify(probe, signBytes(probe));
        } catch (LogProofException e) {
            throw new IllegalStateException("the JDK's Ed25519 generator gave halves that do not match", e);
        }
    }

    private static byte[] encode(EdECPublicKey key) {
        byte[] encoded = new byte[SEED_BYTES];
        byte[] y = key.getPoint().getY().toByteArray();
        for (int i = 0; i < Math.min(y.length, SEED_BYTES); i++) {
            encoded[i] = y[y.length - 1 - i];
        }
        if (key.getPoint().isXOdd()) {
            encoded[SEED_BYTES - 1] |= (byte) 0x80;
        }
        return encoded;
    }

    private static final class SeedSource extends SecureRandom {
        private static final long serialVersionUID = 1;
        private final transient byte[] seed;

        SeedSource(byte[] seed) {
            this.seed = seed.clone();
        }

        @Override
        public void nextBytes(byte[] bytes) {
            if (bytes.length != seed.length) {
                throw new IllegalStateException("the JDK's Ed25519 generator asked for " + bytes.length + " bytes, not 32");
            }
            System.arraycopy(seed, 0, bytes, 0, bytes.length);
        }
    }
}
