package dev.candor.attestation.evidence;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.crypto.EvmAddress;
import dev.candor.attestation.digest.CanonicalJson;
import dev.candor.attestation.digest.Digest;
import dev.candor.attestation.digest.InvalidJsonException;
import dev.candor.attestation.digest.JsonFields;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What the node says of its keys; its digest is what Evidence binds.
 *
 * @param nodeId     {@code candor-} and 16 hexadecimal digits
 * @param purpose    always {@value #PURPOSE}
 * @param receiptKey compressed secp256k1 public key, 66 hexadecimal digits
 * @param logOrigin  origin line of the node's log
 * @param logKey     the log's verifier key (C2SP signed-note vkey)
 * @param operator   the account that settles and anchors, where the node has a chain
 * @param chainId    that chain, where the node has one
 * @param anchor     the ReceiptAnchor contract on it, where the node has one
 * @param tlsKey     SHA-256 of the TLS key's SubjectPublicKeyInfo, hexadecimal, where the node ends TLS itself
 * @param nonce      hexadecimal, 8 to 64 bytes, fresh at each start
 */
public record KeyStatement(
        String nodeId,
        String purpose,
        String receiptKey,
        String logOrigin,
        String logKey,
        Optional<EvmAddress> operator,
        Optional<Long> chainId,
        Optional<EvmAddress> anchor,
        Optional<String> tlsKey,
        String nonce) {
    /** The one purpose there is. */
    public static final String PURPOSE = "candor receipt key v1";

    private static final Pattern NODE_ID = Pattern.compile("candor-[0-9a-f]{16}");
    private static final Pattern RECEIPT_KEY = Pattern.compile("0[23][0-9a-f]{64}");
    private static final Pattern PRINTABLE = Pattern.compile("[\\x21-\\x7e]{1,512}");
    private static final Pattern TLS_KEY = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern NONCE = Pattern.compile("(?:[0-9a-f]{2}){8,64}");
    private static final long MAX_CHAIN_ID = (1L << 53) - 1;

    /** @throws IllegalArgumentException if a value does not have its form */
    public KeyStatement {
        require(purpose.equals(PURPOSE), "purpose", PURPOSE, purpose);
        require(NODE_ID.matcher(nodeId).matches(), "node id", "candor- and 16 hexadecimal digits", nodeId);
        require(RECEIPT_KEY.matcher(receiptKey).matches(), "receipt key", "a compressed public key in hexadecimal", receiptKey);
        require(PRINTABLE.matcher(logOrigin).matches(), "log origin", "1 to 512 printable characters without spaces", logOrigin);
        require(PRINTABLE.matcher(logKey).matches(), "log key", "1 to 512 printable characters without spaces", logKey);
        require(chainId.map(id -> id > 0 && id <= MAX_CHAIN_ID).orElse(true), "chain id", "1 to 2^53-1", chainId);
        require(tlsKey.map(key -> TLS_KEY.matcher(key).matches()).orElse(true), "TLS key", "a SHA-256 digest in hexadecimal", tlsKey);
        require(NONCE.matcher(nonce).matches(), "nonce", "8 to 64 bytes in hexadecimal", nonce);
    }

    private static void require(boolean holds, String what, String wanted, Object got) {
        if (!holds) {
            throw new IllegalArgumentException("the key statement's " + what + " is to be " + wanted + ", got: " + got);
        }
    }

    /** The 33 bytes of {@link #receiptKey}. */
    public byte[] receiptKeyBytes() {
        return HexFormat.of().parseHex(receiptKey);
    }

    /** The statement as JSON; absent values have no member. */
    public ObjectNode json() {
        ObjectNode out = JsonNodeFactory.instance.objectNode();
        out.put("node_id", nodeId);
        out.put("purpose", purpose);
        out.put("receipt_key", receiptKey);
        out.put("log_origin", logOrigin);
        out.put("log_key", logKey);
        operator.ifPresent(value -> out.put("operator", value.value()));
        chainId.ifPresent(value -> out.put("chain_id", value));
        anchor.ifPresent(value -> out.put("anchor", value.value()));
        tlsKey.ifPresent(value -> out.put("tls_key", value));
        out.put("nonce", nonce);
        return out;
    }

    /** The SHA-256 of the JCS (RFC 8785) of {@link #json}. */
    public Digest digest() {
        try {
            return CanonicalJson.digest(json());
        } catch (InvalidJsonException e) {
            throw new IllegalStateException("a key statement's values all have a canonical form", e);
        }
    }

    /**
     * The statement that {@link #json} shows as {@code json}.
     *
     * @throws InvalidJsonException if a member is missing, unknown or not of its form
     */
    public static KeyStatement parse(JsonNode json) throws InvalidJsonException {
        JsonFields in = new JsonFields(json, "key_statement");
        try {
            KeyStatement statement = new KeyStatement(
                    in.text("node_id"),
                    in.text("purpose"),
                    in.text("receipt_key"),
                    in.text("log_origin"),
                    in.text("log_key"),
                    in.optionalValue("operator", EvmAddress::new),
                    chainId(in),
                    in.optionalValue("anchor", EvmAddress::new),
                    in.optionalText("tls_key"),
                    in.text("nonce"));
            in.end();
            return statement;
        } catch (IllegalArgumentException e) {
            throw new InvalidJsonException(e.getMessage());
        }
    }

    private static Optional<Long> chainId(JsonFields in) throws InvalidJsonException {
        Optional<JsonNode> value = in.optional("chain_id");
        if (value.isPresent() && !(value.get().isIntegralNumber() && value.get().canConvertToLong())) {
            throw in.wrong("chain_id", "an integer");
        }
        return value.map(JsonNode::longValue);
    }
}
