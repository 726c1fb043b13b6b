package dev.candor.attestation.cbor;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;

/** Checks signatures of the COSE vectors with the JDK's own algorithms, so that the codec is not tested only against itself. */
final class CoseVectorKey {
    private static final Map<Long, String> ALGORITHMS = Map.of(
            -7L, "SHA256withECDSAinP1363Format", -35L, "SHA384withECDSAinP1363Format", -36L, "SHA512withECDSAinP1363Format", -8L, "EdDSA");
    private static final Map<String, String> CURVES = Map.of("P-256", "secp256r1", "P-384", "secp384r1", "P-521", "secp521r1");

    private final PublicKey key;

    CoseVectorKey(JsonNode jwk) throws GeneralSecurityException {
        String curve = jwk.get("crv").asText();
        this.key = CURVES.containsKey(curve) ? elliptic(CURVES.get(curve), number(jwk, "x"), number(jwk, "y")) : edwards(curve, jwk.get("x_hex").asText());
    }

    boolean verifies(long algorithm, byte[] message, byte[] signature) throws GeneralSecurityException {
        Signature verifier = Signature.getInstance(ALGORITHMS.get(algorithm));
        verifier.initVerify(key);
        verifier.update(message);
        try {
            return verifier.verify(signature);
        } catch (SignatureException e) {
            return false;
        }
    }

    static boolean knows(long algorithm) {
        return ALGORITHMS.containsKey(algorithm);
    }

    private static PublicKey elliptic(String curve, BigInteger x, BigInteger y) throws GeneralSecurityException {
        AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
        parameters.init(new ECGenParameterSpec(curve));
        ECPublicKeySpec spec = new ECPublicKeySpec(new ECPoint(x, y), parameters.getParameterSpec(ECParameterSpec.class));
        return KeyFactory.getInstance("EC").generatePublic(spec);
    }

    private static PublicKey edwards(String curve, String hex) throws GeneralSecurityException {
        String prefix = curve.equals("Ed25519") ? "302a300506032b6570032100" : "3043300506032b6571033a00";
        return KeyFactory.getInstance(curve).generatePublic(new X509EncodedKeySpec(HexFormat.of().parseHex(prefix + hex)));
    }

    private static BigInteger number(JsonNode jwk, String name) {
        byte[] bytes = jwk.has(name + "_hex")
                ? HexFormat.of().parseHex(jwk.get(name + "_hex").asText())
                : Base64.getUrlDecoder().decode(jwk.get(name).asText());
        return new BigInteger(1, bytes);
    }
}
