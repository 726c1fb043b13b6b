package dev.candor.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.receipt.CanonicalOutput;
import dev.candor.attestation.receipt.ReceiptVerificationException;
import dev.candor.attestation.receipt.UsageBinding;
import dev.candor.client.api.AnswerReceipt;
import dev.candor.client.api.ChatAnswer;
import dev.candor.client.api.ChatChoice;
import dev.candor.client.api.ChatDelta;
import dev.candor.client.error.AnswerFormatException;
import dev.candor.client.error.CandorException;
import dev.candor.client.error.UnverifiedAnswerException;
import dev.candor.client.sdk.AnswerSink;
import dev.candor.client.sdk.NodeException;
import dev.candor.client.sdk.SseData;
import dev.candor.client.sdk.SseEvents;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Hands the parts of a streamed chat out as they come, and makes the answer of the bytes that verified. Not thread-safe. */
final class StreamedChat implements AnswerSink {
    private final Consumer<ChatDelta> deltas;
    private final ObjectMapper json = new ObjectMapper();
    private final Map<Integer, StringBuilder> handedOut = new HashMap<>();
    private Optional<JsonNode> first = Optional.empty();
    private Optional<JsonNode> usage = Optional.empty();

    StreamedChat(Consumer<ChatDelta> deltas) {
        this.deltas = deltas;
    }

    @Override
    public void event(byte[] block) throws IOException {
        String data = SseData.of(block);
        if (data.isEmpty()) {
            return;
        }
        JsonNode chunk = json.readTree(data);
        first = first.or(() -> Optional.of(chunk));
        if (chunk.path("usage").isObject()) {
            usage = Optional.of(chunk.path("usage"));
        }
        try {
            for (ChatDelta delta : ChatDelta.of(chunk)) {
                handedOut.computeIfAbsent(delta.choice(), choice -> new StringBuilder()).append(delta.text());
                deltas.accept(delta);
            }
        } catch (CandorException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** @param stream all its bytes */
    ChatAnswer answer(byte[] stream, Optional<AnswerReceipt> proof) {
        ObjectNode whole = json.createObjectNode();
        first.ifPresent(chunk -> whole.setAll((ObjectNode) chunk));
        try {
            whole.set("choices", CanonicalOutput.ofStream("/" + Operations.CHAT, SseEvents.covered(stream)).json());
        } catch (ReceiptVerificationException | NodeException e) {
            throw new AnswerFormatException("the node's stream is no answer: " + e.getMessage(), e);
        }
        whole.set("usage", proof.map(receipt -> usage(receipt.signed().usage())).or(() -> usage).orElse(null));
        ChatAnswer answer = ChatAnswer.of(whole, proof);
        requireHandedOut(answer, proof);
        return answer;
    }

    private JsonNode usage(UsageBinding counts) {
        ObjectNode usage = json.createObjectNode().put("prompt_tokens", counts.promptTokens()).put("completion_tokens", counts.completionTokens());
        usage.putObject("prompt_tokens_details").put("cached_tokens", counts.cachedTokens());
        return usage;
    }

    /** A stream that broke off and came anew may have begun otherwise. */
    private void requireHandedOut(ChatAnswer answer, Optional<AnswerReceipt> proof) {
        for (ChatChoice choice : answer.choices()) {
            if (!choice.message().text().contentEquals(handedOut.getOrDefault(choice.index(), new StringBuilder()))) {
                throw new UnverifiedAnswerException("the stream broke off and what came then began otherwise; the parts that were handed out are not the"
                        + " answer. The answer itself is in the receipt" + proof.map(each -> " " + each.id()).orElse(""),
                        proof.map(AnswerReceipt::report), proof.map(AnswerReceipt::bundle), null);
            }
        }
    }
}
