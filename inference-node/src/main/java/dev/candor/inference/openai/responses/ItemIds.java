package dev.candor.inference.openai.responses;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.digest.Digest;
import java.nio.charset.StandardCharsets;

/**
 * Ids of the items of one response. They follow from the response's id, which they do not give away, so that events, answer and store agree.
 *
 * @param responseId what they follow from
 */
public record ItemIds(String responseId) {
    private static final int LENGTH = 48;

    /** Of what the model wrote. @param index of the item in the output */
    String output(String prefix, int index) {
        return made(prefix, "output", index);
    }

    /** The input item with an id of its own, where it has none. @param index of the item in the request */
    public ObjectNode identified(ObjectNode item, int index) {
        if (item.hasNonNull("id")) {
            return item;
        }
        String prefix = switch (item.path("type").asText()) {
            case "function_call" -> "fc_";
            case "function_call_output" -> "fco_";
            case "reasoning" -> "rs_";
            default -> "msg_";
        };
        return item.deepCopy().put("id", made(prefix, "input", index));
    }

    private String made(String prefix, String side, int index) {
        byte[] seed = (responseId + "/" + side + "/" + index).getBytes(StandardCharsets.UTF_8);
        return prefix + Digest.sha256(seed).hex().substring(0, LENGTH);
    }
}
