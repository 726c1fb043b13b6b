package dev.candor.settlement.x402;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * The messages of x402 v2 as header values: standard base64 (RFC 4648 section 4, padded) of UTF-8 JSON. Reading is strict and
 * bounded; unknown members are ignored, as the published schemas do. Thread-safe.
 */
public final class X402Codec {
    /** The protocol version spoken. */
    public static final int VERSION = 2;

    /** The longest header value read, in characters. */
    public static final int MAX_HEADER = 32 * 1024;

    private static final int MAX_DEPTH = 32;
    private static final int MAX_NUMBER = 100;
    private static final int MAX_OFFERS = 32;

    private final JsonMapper json = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxNumberLength(MAX_NUMBER)
                            .maxStringLength(MAX_HEADER)
                            .maxDocumentLength(MAX_HEADER)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** The value of the header {@code PAYMENT-REQUIRED}. */
    public String encode(PaymentRequired message) {
        return encodeJson(message);
    }

    /** The value of the header {@code PAYMENT-SIGNATURE}. */
    public String encode(PaymentPayload message) {
        return encodeJson(message);
    }

    /** The value of the header {@code PAYMENT-RESPONSE}. */
    public String encode(SettlementResponse message) {
        return encodeJson(message);
    }

    /** A payment as JSON text, the form it is stored in. */
    public String toJson(PaymentPayload message) {
        return write(message);
    }

    /** Reads what {@link #toJson} wrote. */
    public PaymentPayload payloadFromJson(String text) throws X402FormatException {
        return payload(parse("the payment", text));
    }

    /** Reads a header {@code PAYMENT-SIGNATURE}. */
    public PaymentPayload decodePayload(String header) throws X402FormatException {
        return payload(decode("PAYMENT-SIGNATURE", header));
    }

    /** Reads a header {@code PAYMENT-REQUIRED}. */
    public PaymentRequired decodeRequired(String header) throws X402FormatException {
        JsonShape shape = decode("PAYMENT-REQUIRED", header);
        shape.version();
        JsonNode accepts = shape.object().path("accepts");
        if (!accepts.isArray() || accepts.isEmpty() || accepts.size() > MAX_OFFERS) {
            throw JsonShape.invalid(shape.place() + ".accepts is not a list of 1 to " + MAX_OFFERS + " offers");
        }
        List<PaymentRequirements> offers = new ArrayList<>();
        for (int i = 0; i < accepts.size(); i++) {
            offers.add(requirements(JsonShape.of(shape.place() + ".accepts[" + i + "]", accepts.get(i))));
        }
        return new PaymentRequired(VERSION, shape.optionalText("error"), resource(shape.child("resource")), List.copyOf(offers));
    }

    /** Reads a header {@code PAYMENT-RESPONSE}. */
    public SettlementResponse decodeSettlement(String header) throws X402FormatException {
        JsonShape shape = decode("PAYMENT-RESPONSE", header);
        String transaction = shape.optionalText("transaction");
        if (transaction == null) {
            throw JsonShape.invalid(shape.place() + ".transaction is missing");
        }
        return new SettlementResponse(
                shape.bool("success"),
                shape.optionalText("errorReason"),
                shape.optionalText("errorMessage"),
                shape.optionalText("payer"),
                transaction,
                shape.text("network"),
                shape.optionalText("amount"));
    }

    private static PaymentPayload payload(JsonShape shape) throws X402FormatException {
        shape.version();
        JsonNode resource = shape.object().path("resource");
        return new PaymentPayload(
                VERSION,
                shape.child("payload").object(),
                resource.isMissingNode() || resource.isNull() ? null : resource(shape.child("resource")),
                requirements(shape.child("accepted")),
                shape.optionalObject("extensions"));
    }

    private static PaymentRequirements requirements(JsonShape shape) throws X402FormatException {
        String network = shape.text("network");
        if (network.indexOf(':') < 0) {
            throw JsonShape.invalid(shape.place() + ".network is not a CAIP-2 name such as eip155:8453");
        }
        return new PaymentRequirements(
                shape.text("scheme"),
                network,
                shape.text("asset"),
                shape.text("payTo"),
                shape.positive("maxTimeoutSeconds"),
                shape.text("amount"),
                shape.optionalObject("extra"));
    }

    private static ResourceInfo resource(JsonShape shape) throws X402FormatException {
        return new ResourceInfo(shape.text("url"), shape.optionalText("description"), shape.optionalText("mimeType"));
    }

    private JsonShape decode(String name, String header) throws X402FormatException {
        if (header.length() > MAX_HEADER) {
            throw JsonShape.invalid(name + " is longer than " + MAX_HEADER + " characters");
        }
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(header);
        } catch (IllegalArgumentException e) {
            throw JsonShape.invalid(name + " is not standard base64 (RFC 4648 section 4): " + e.getMessage());
        }
        if (!Base64.getEncoder().encodeToString(bytes).equals(header)) {
            throw JsonShape.invalid(name + " is not padded, canonical base64 (RFC 4648 section 4)");
        }
        try {
            return parse(name, StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
        } catch (CharacterCodingException e) {
            throw JsonShape.invalid(name + " does not hold UTF-8 text");
        }
    }

    private JsonShape parse(String place, String text) throws X402FormatException {
        try {
            return JsonShape.of(place, json.readTree(text));
        } catch (JsonProcessingException e) {
            throw JsonShape.invalid(place + " does not hold one JSON object: " + e.getOriginalMessage());
        }
    }

    private String encodeJson(Object message) {
        return Base64.getEncoder().encodeToString(write(message).getBytes(StandardCharsets.UTF_8));
    }

    private String write(Object message) {
        try {
            return json.writeValueAsString(message);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an x402 message is always writable", e);
        }
    }
}
