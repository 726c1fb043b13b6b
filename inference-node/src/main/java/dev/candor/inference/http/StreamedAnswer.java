package dev.candor.inference.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.receipt.OutputBinding;
import dev.candor.attestation.receipt.ReceiptVerificationException;
import dev.candor.attestation.receipt.UsageBinding;
import dev.candor.inference.engine.GenerationResult;
import dev.candor.inference.engine.Progress;
import dev.candor.inference.engine.TokenScore;
import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.tools.AnswerDelta;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A chat's answer as server-sent events. */
final class StreamedAnswer implements GenerationAnswer {
    /** Log probabilities that wait for text at most, so that no event becomes longer than clients read. */
    private static final int SCORES_AT_ONCE = 64;

    private final AnswerStream stream;
    private final String path;
    private final ChatLook look;
    private final ChatChoices choices;
    private final Set<Integer> begun = new HashSet<>();
    private final Map<Integer, List<TokenScore>> untold = new HashMap<>();

    StreamedAnswer(AnswerStream stream, String path, ChatLook look, ChatChoices choices) {
        this.stream = stream;
        this.path = path;
        this.look = look;
        this.choices = choices;
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
            stream.chunk(look.completion().usageChunk(usage, choices.reasoningTokens()));
        }
        return OutputBinding.ofStream(path, stream.bytes(), chosen.stream().map(GenerationResult::tokens).toList());
    }

    @Override
    public synchronized Reply seal(Optional<SignedAnswer> receipt) {
        return stream.seal(receipt);
    }

    @Override
    public synchronized void deliver(Reply sealed) {
        stream.deliver();
    }

    @Override
    public synchronized boolean fail(ApiException failure) {
        return stream.fail(failure);
    }

    private void begin(int index) {
        stream.open();
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

    private void chunk(int index, ObjectNode delta, JsonNode logprobs, String finishReason) {
        stream.chunk(look.completion().chunk(index, delta, logprobs, finishReason, look.includeUsage()));
    }
}
