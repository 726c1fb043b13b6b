package dev.candor.settlement.scheme;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.crypto.EvmAddress;
import java.math.BigInteger;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** The member {@code payload} of a payment in scheme {@code upto} over Permit2: JSON to {@link UptoAuthorization} and back. */
final class UptoPayloadJson {
    private static final Pattern DECIMAL = Pattern.compile("0|[1-9][0-9]{0,77}");
    private static final Pattern HEX = Pattern.compile("0x[0-9a-fA-F]{1,64}");
    private static final Pattern ADDRESS = Pattern.compile("0x[0-9a-fA-F]{40}");
    private static final Pattern SIGNATURE = Pattern.compile("0x[0-9a-fA-F]{130}");
    private static final int WORD_BITS = 256;

    private UptoPayloadJson() {}

    static UptoAuthorization read(JsonNode payload) throws SchemeException {
        JsonNode authorization = object(payload, "permit2Authorization");
        JsonNode permitted = object(authorization, "permitted");
        JsonNode witness = object(authorization, "witness");
        return new UptoAuthorization(
                address(authorization, "from"),
                address(permitted, "token"),
                number(permitted, "amount"),
                address(authorization, "spender"),
                number(authorization, "nonce"),
                number(authorization, "deadline"),
                address(witness, "to"),
                address(witness, "facilitator"),
                number(witness, "validAfter"),
                signature(payload));
    }

    static ObjectNode write(UptoAuthorization authorization) {
        ObjectNode payload = JsonNodeFactory.instance.objectNode();
        payload.put("signature", "0x" + HexFormat.of().formatHex(authorization.signature()));
        ObjectNode body = payload.putObject("permit2Authorization");
        body.put("from", authorization.payer().checksummed());
        body.putObject("permitted")
                .put("token", authorization.token().checksummed())
                .put("amount", authorization.cap().toString());
        body.put("spender", authorization.spender().checksummed());
        body.put("nonce", authorization.nonce().toString());
        body.put("deadline", authorization.deadline().toString());
        body.putObject("witness")
                .put("to", authorization.to().checksummed())
                .put("facilitator", authorization.facilitator().checksummed())
                .put("validAfter", authorization.validAfter().toString());
        return payload;
    }

    private static JsonNode object(JsonNode parent, String member) throws SchemeException {
        JsonNode child = parent == null ? null : parent.get(member);
        if (child == null || !child.isObject()) {
            throw SchemeException.malformed("the payload has no object " + member);
        }
        return child;
    }

    private static EvmAddress address(JsonNode parent, String member) throws SchemeException {
        return EvmAddress.parse(text(parent, member, ADDRESS, "0x and 40 hexadecimal digits"));
    }

    /** An unsigned 256-bit number: decimal as the reference client writes it, or the hexadecimal of the specification's example. */
    private static BigInteger number(JsonNode parent, String member) throws SchemeException {
        JsonNode node = parent.get(member);
        boolean hex = node != null && node.isTextual() && node.textValue().startsWith("0x");
        BigInteger value = hex
                ? new BigInteger(text(parent, member, HEX, "0x and 1 to 64 hexadecimal digits").substring(2), 16)
                : new BigInteger(text(parent, member, DECIMAL, "a decimal number in a string"));
        if (value.bitLength() > WORD_BITS) {
            throw SchemeException.malformed(member + " does not fit 256 bits");
        }
        return value;
    }

    private static byte[] signature(JsonNode payload) throws SchemeException {
        String text = text(payload, "signature", SIGNATURE, "0x and 130 hexadecimal digits, the 65 bytes r||s||v of an account's key");
        return HexFormat.of().parseHex(text, 2, text.length());
    }

    private static String text(JsonNode parent, String member, Pattern form, String wanted) throws SchemeException {
        JsonNode node = parent.get(member);
        if (node == null || !node.isTextual() || !form.matcher(node.textValue()).matches()) {
            throw SchemeException.malformed("the payload's " + member + " is not " + wanted);
        }
        return node.textValue();
    }
}
