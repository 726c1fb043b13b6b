package dev.candor.inference.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.receipt.OutputBinding;
import dev.candor.attestation.receipt.ReceiptAttachment;
import dev.candor.attestation.receipt.ReceiptVerificationException;
import dev.candor.attestation.receipt.UsageBinding;
import dev.candor.inference.engine.GenerationResult;
import dev.candor.inference.engine.Progress;
import dev.candor.inference.engine.TokenScore;
import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.Json;
import dev.candor.inference.openai.tools.AnswerDelta;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A chat's answer as server-sent events: chunks, then the receipt as comment lines (or as an event, for a client that asks), then
 * {@code [DONE]}. The head goes out with the first token, so that a failure before it is an ordinary error.
 */
final class StreamedAnswer implements GenerationAnswer {
    /** Log probabilities that wait for text at most, so that no event becomes longer than clients read. */
    private static final int SCORES_AT_ONCE = 64;
    private static final byte[] DONE = ReceiptAttachment.DONE.getBytes(StandardCharsets.US_ASCII);

    private final Sse sse;
    private final ChatLook look;
    private final ChatChoices choices;
    private final ReceiptFields fields;
    private final Json json;
    private final boolean receiptAsEvent;
    private final Set<Integer> begun = new HashSet<>();
    private final Map<Integer, List<TokenScore>> untold = new HashMap<>();
    private boolean open;

    StreamedAnswer(Sse sse, ChatLook look, ChatChoices choices, ReceiptFields fields, Json json, boolean receiptAsEvent) {
        this.sse = sse;
        this.look = look;
        this.choices = choices;
        this.fields = fields;
        this.json = json;
        this.receiptAsEvent = receiptAsEvent;
    }

    @Override
    public synchronized void progress(int sequence, Progress progress) {
        begin(sequence);
        untold.computeIfAbsent(sequence, i -> new ArrayList<>()).addAll(progress.scores());
        write(sequence, choices.at(sequence).take(progress));
        if (untold.get(sequence).size() >= SCORES_AT_ONCE && look.logprobs().isPresent()) {
            chunk(sequence, JsonNodeFactory.instance.objectNode(), scores(sequence), null);
        }
    }

    @Override
    public synchronized List<String> reasons(List<GenerationResult> chosen) {
        for (int i = 0; i < chosen.size(); i++) {
            begin(i);
            write(i, choices.at(i).end());
        }
        return choices.reasons(chosen);
    }

    @Override
    public synchronized OutputBinding finish(List<GenerationResult> chosen, UsageBinding usage) throws ReceiptVerificationException {
        for (int i = 0; i < chosen.size(); i++) {
            chunk(i, JsonNodeFactory.instance.objectNode(), scores(i), usage.finishReasons().get(i));
        }
        if (look.includeUsage()) {
            sse.data(json.bytes(look.completion().usageChunk(usage, choices.reasoningTokens())));
        }
        return OutputBinding.ofStream(fields.order().path(), sse.bytes(), chosen.stream().map(GenerationResult::tokens).toList());
    }

    @Override
    public synchronized Reply seal(Optional<SignedAnswer> receipt) {
        sse.hold();
        fields.attachment(receipt).ifPresent(attachment -> sse.raw(receiptAsEvent ? attachment.event() : attachment.comments()));
        sse.raw(DONE);
        return new Reply(200, headers(), sse.bytes());
    }

    @Override
    public synchronized void deliver(Reply sealed) {
        sse.release();
        sse.end();
    }

    @Override
    public synchronized boolean fail(ApiException failure) {
        if (open) {
            sse.discard();
            sse.data(json.bytes(failure.body()));
            sse.end();
        }
        return open;
    }

    private void begin(int index) {
        if (!open) {
            open = true;
            sse.open(headers());
        }
        if (begun.add(index)) {
            chunk(index, choices.at(index).opening(), JsonNodeFactory.instance.nullNode(), null);
        }
    }

    private void write(int index, List<AnswerDelta> deltas) {
        for (AnswerDelta delta : deltas) {
            chunk(index, choices.at(index).view(delta), scores(index), null);
        }
    }

    /** What was not told yet; it goes with the next chunk, since text may be held back that its tokens belong to. */
    private JsonNode scores(int index) {
        List<TokenScore> scores = untold.getOrDefault(index, List.of());
        if (look.logprobs().isEmpty() || scores.isEmpty()) {
            return JsonNodeFactory.instance.nullNode();
        }
        JsonNode view = look.logprobs().get().choice(scores);
        scores.clear();
        return view;
    }

    private Map<String, String> headers() {
        Map<String, String> headers = new LinkedHashMap<>(Sse.HEADERS);
        headers.putAll(fields.headers(Optional.empty()));
        headers.putAll(look.ignored().headers());
        return headers;
    }

    private void chunk(int index, ObjectNode delta, JsonNode logprobs, String finishReason) {
        sse.data(json.bytes(look.completion().chunk(index, delta, logprobs, finishReason, look.includeUsage())));
    }
}
