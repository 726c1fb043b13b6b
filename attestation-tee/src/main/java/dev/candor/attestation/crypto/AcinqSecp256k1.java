package dev.candor.attestation.crypto;

import dev.candor.attestation.digest.Keccak256;
import fr.acinq.secp256k1.Secp256k1Exception;
import java.util.Arrays;
import java.util.HexFormat;

/** libsecp256k1 through ACINQ's JNI binding. */
final class AcinqSecp256k1 implements Secp256k1 {
    private final fr.acinq.secp256k1.Secp256k1 lib = fr.acinq.secp256k1.Secp256k1.get();

    @Override
    public String implementation() {
        return "libsecp256k1";
    }

    @Override
    public byte[] publicKey(byte[] secret) {
        return lib.pubKeyCompress(lib.pubkeyCreate(CompactSignature.requireSecret(secret)));
    }

    @Override
    public EvmAddress address(byte[] publicKey) throws InvalidSignatureException {
        return addressOf(parse(publicKey));
    }

    @Override
    public byte[] sign(byte[] digest, byte[] secret) {
        return lib.sign(CompactSignature.requireDigest(digest), CompactSignature.requireSecret(secret), null);
    }

    @Override
    public byte[] signRecoverable(byte[] digest, byte[] secret) {
        byte[] signature = sign(digest, secret);
        byte[] own = lib.pubkeyCreate(secret);
        // The binding does not hand out the recovery id; ids 2 and 3 need r >= n, which no one has ever seen.
        int recovery = Arrays.equals(own, lib.ecdsaRecover(signature, digest, 0)) ? 0 : 1;
        byte[] out = Arrays.copyOf(signature, CompactSignature.RECOVERABLE_LENGTH);
        out[CompactSignature.LENGTH] = (byte) (27 + recovery);
        return out;
    }

    @Override
    public void verify(byte[] publicKey, byte[] digest, byte[] signature) throws InvalidSignatureException {
        CompactSignature.requireDigest(digest);
        CompactSignature.parse(signature);
        boolean ok;
        try {
            ok = lib.verify(signature, digest, parse(publicKey));
        } catch (Secp256k1Exception e) {
            ok = false;
        }
        if (!ok) {
            throw BouncySecp256k1.mismatch(publicKey, digest);
        }
    }

    @Override
    public EvmAddress recover(byte[] digest, byte[] signature) throws InvalidSignatureException {
        CompactSignature.requireDigest(digest);
        byte[] compact = CompactSignature.parseRecoverable(signature).bytes();
        try {
            return addressOf(lib.ecdsaRecover(compact, digest, signature[CompactSignature.LENGTH] - 27));
        } catch (Secp256k1Exception e) {
            throw new InvalidSignatureException("no key can have made this signature: " + HexFormat.of().formatHex(signature));
        }
    }

    private byte[] parse(byte[] publicKey) throws InvalidSignatureException {
        BouncySecp256k1.requirePointForm(publicKey);
        try {
            return lib.pubkeyParse(publicKey);
        } catch (Secp256k1Exception e) {
            throw BouncySecp256k1.notAPoint(publicKey);
        }
    }

    private static EvmAddress addressOf(byte[] uncompressed) {
        byte[] hash = Keccak256.hash(Arrays.copyOfRange(uncompressed, 1, uncompressed.length));
        return EvmAddress.of(Arrays.copyOfRange(hash, 12, 32));
    }
}
