package dev.candor.attestation.receipt;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.digest.CanonicalJson;
import dev.candor.attestation.digest.Digest;
import dev.candor.attestation.digest.InvalidJsonException;
import java.util.List;

/**
 * What was answered.
 *
 * @param tokens  per choice, SHA-256 over its token ids as unsigned 32-bit little-endian words; empty where none were generated
 * @param choices SHA-256 of the JCS of the {@link CanonicalOutput}; the same as {@code body} where the format is {@code raw}
 * @param body    SHA-256 of the raw SSE bytes before the receipt's comment lines ({@code sse}), of the JCS of the JSON body
 *                without its member {@code candor} ({@code json}), or of the body's bytes ({@code raw})
 * @param format  {@code sse}, {@code json} or {@code raw}
 */
public record OutputBinding(List<Digest> tokens, Digest choices, Digest body, String format) {
    /** The format of a streamed answer. */
    public static final String SSE = "sse";
    /** The format of an unstreamed answer. */
    public static final String JSON = "json";
    /** The format of an answer whose receipt came in the header {@code Candor-Receipt}, so that all of its bytes are the answer. */
    public static final String RAW = "raw";

    /**
     * The binding of an unstreamed answer.
     *
     * @param path   where the request went
     * @param body   the answer without its member {@code candor}
     * @param tokens token ids, per choice; empty where none were generated
     * @throws ReceiptVerificationException if {@code body} is no answer of {@code path}
     */
    public static OutputBinding ofBody(String path, ObjectNode body, List<int[]> tokens) throws ReceiptVerificationException {
        return ofBody(body, CanonicalOutput.ofBody(path, body), tokens);
    }

    static OutputBinding ofBody(ObjectNode body, CanonicalOutput output, List<int[]> tokens) throws ReceiptVerificationException {
        try {
            return new OutputBinding(digests(tokens), output.digest(), CanonicalJson.digest(body), JSON);
        } catch (InvalidJsonException e) {
            throw new ReceiptVerificationException("the answer has no canonical form: " + e.getMessage(), e);
        }
    }

    /** The binding of an answer of bare bytes. */
    public static OutputBinding ofRaw(byte[] body) {
        Digest digest = Digest.sha256(body);
        return new OutputBinding(List.of(), digest, digest, RAW);
    }

    /**
     * The binding of a streamed answer.
     *
     * @param path   where the request went
     * @param stream all bytes sent before the receipt
     * @param tokens token ids, per choice
     * @throws ReceiptVerificationException if {@code stream} is no whole stream of {@code path}
     */
    public static OutputBinding ofStream(String path, byte[] stream, List<int[]> tokens) throws ReceiptVerificationException {
        return ofStream(stream, CanonicalOutput.ofStream(path, stream), tokens);
    }

    static OutputBinding ofStream(byte[] stream, CanonicalOutput output, List<int[]> tokens) throws ReceiptVerificationException {
        return new OutputBinding(digests(tokens), output.digest(), Digest.sha256(stream), SSE);
    }

    private static List<Digest> digests(List<int[]> tokens) {
        return tokens.stream().map(TokenDigest::of).toList();
    }
}
