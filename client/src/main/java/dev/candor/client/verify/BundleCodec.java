package dev.candor.client.verify;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.receipt.ReceiptId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Reads and writes {@code ID.candor.json} ({@code docs/receipt.md}, section "The saved receipt"). Thread-safe. */
public final class BundleCodec {
    /** Longest bundle read, in bytes. */
    public static final int MAX_BYTES = 64 << 20;

    private static final int MAX_DEPTH = 64;
    private static final int VERSION = 1;

    private final JsonMapper json = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** A codec with bounds on depth and length. */
    public BundleCodec() {
        json.getFactory()
                .setStreamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_DEPTH)
                        .maxStringLength(MAX_BYTES)
                        .build());
    }

    /** The bundle as JSON text, UTF-8. */
    public byte[] write(ReceiptBundle bundle) {
        ObjectNode node = json.createObjectNode();
        node.put("v", VERSION).put("id", bundle.id().value()).put("node", bundle.node()).put("receipt", base64(bundle.cose()));
        bundle.exchange().ifPresent(exchange -> {
            ObjectNode part = node.putObject("exchange");
            part.put("path", exchange.path()).put("request", base64(exchange.request()))
                    .put("format", exchange.format())
                    .put("response", base64(exchange.response()));
            exchange.nonce().ifPresent(nonce -> part.put("nonce", nonce));
            part.set("token_ids", json.valueToTree(exchange.tokens()));
        });
        bundle.attestation().ifPresent(value -> node.set("attestation", value));
        bundle.payment().ifPresent(value -> node.set("payment", value));
        bundle.proof().ifPresent(value -> node.set("proof", value));
        bundle.anchor().ifPresent(value -> node.set("anchor", value));
        try {
            return json.writeValueAsBytes(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of JSON nodes can always be written", e);
        }
    }

    /** @throws BundleException if the bytes are not a bundle */
    public ReceiptBundle read(byte[] bytes) throws BundleException {
        if (bytes.length > MAX_BYTES) {
            throw new BundleException("the saved receipt is longer than " + MAX_BYTES + " bytes; it is not one of ours");
        }
        try {
            JsonNode node = json.readTree(bytes);
            if (node == null || !node.has("v")) {
                throw new BundleException("this is not a saved receipt: it has no version (member \"v\"). Give the file that the client saved"
                        + " (ID.candor.json), unchanged");
            }
            if (node.get("v").asInt() != VERSION) {
                throw new BundleException("the saved receipt has version " + node.get("v") + ", this program reads version " + VERSION);
            }
            return new ReceiptBundle(
                    id(node),
                    text(node, "node"),
                    bytes(node, "receipt"),
                    node.has("exchange") ? Optional.of(exchange(node.get("exchange"))) : Optional.empty(),
                    Optional.ofNullable(node.get("attestation")),
                    Optional.ofNullable(node.get("payment")),
                    Optional.ofNullable(node.get("proof")),
                    Optional.ofNullable(node.get("anchor")));
        } catch (JsonEOFException e) {
            throw new BundleException("the saved receipt is cut short: it ends after " + bytes.length + " bytes, in the middle of its JSON. Copy the file"
                    + " again, or name the receipt by its id, so that the node is asked for it", e);
        } catch (JsonProcessingException e) {
            throw new BundleException("this is not a saved receipt: it is not valid JSON" + place(e.getLocation()) + ". Give the file that the client"
                    + " saved (ID.candor.json), unchanged", e);
        } catch (IOException e) {
            throw new BundleException("the saved receipt cannot be read: " + e.getMessage(), e);
        }
    }

    private static String place(JsonLocation location) {
        return location == null ? "" : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
    }

    private static ReceiptId id(JsonNode node) throws BundleException {
        String id = text(node, "id");
        try {
            return new ReceiptId(id);
        } catch (IllegalArgumentException e) {
            throw damaged("id", "is no receipt id (rcpt_ and 32 hexadecimal digits)", e);
        }
    }

    private static BundleException damaged(String member, String what, Exception cause) {
        return new BundleException("the member \"" + member + "\" of the saved receipt " + what + ": the file is damaged or was changed. Copy it again, or"
                + " name the receipt by its id, so that the node is asked for it", cause);
    }

    private ReceiptBundle.Exchange exchange(JsonNode node) throws BundleException {
        List<int[]> tokens = new ArrayList<>();
        for (JsonNode choice : node.path("token_ids")) {
            tokens.add(ids(choice));
        }
        return new ReceiptBundle.Exchange(
                text(node, "path"),
                bytes(node, "request"),
                node.has("nonce") ? Optional.of(text(node, "nonce")) : Optional.empty(),
                text(node, "format"),
                bytes(node, "response"),
                tokens);
    }

    private static int[] ids(JsonNode choice) throws BundleException {
        int[] ids = new int[choice.size()];
        for (int i = 0; i < ids.length; i++) {
            if (!choice.path(i).isIntegralNumber() || !choice.path(i).canConvertToInt()) {
                throw damaged("token_ids", "has something that is no token id", null);
            }
            ids[i] = choice.path(i).intValue();
        }
        if (!choice.isArray()) {
            throw damaged("token_ids", "has something that is no list of token ids", null);
        }
        return ids;
    }

    private static String text(JsonNode node, String name) throws BundleException {
        JsonNode value = node.path(name);
        if (!value.isTextual()) {
            throw new BundleException("the saved receipt lacks the text member \"" + name + "\"");
        }
        return value.textValue();
    }

    private static byte[] bytes(JsonNode node, String name) throws BundleException {
        try {
            return Base64.getUrlDecoder().decode(text(node, name));
        } catch (IllegalArgumentException e) {
            throw damaged(name, "is no base64url", e);
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
