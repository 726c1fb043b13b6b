package dev.candor.inference.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.receipt.OutputBinding;
import dev.candor.attestation.receipt.ReceiptAttachment;
import dev.candor.attestation.receipt.ReceiptVerificationException;
import dev.candor.attestation.receipt.UsageBinding;
import dev.candor.inference.engine.GenerationResult;
import dev.candor.inference.engine.Progress;
import dev.candor.inference.engine.TokenScore;
import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.CompletionLogprobs;
import dev.candor.inference.openai.IgnoredMembers;
import dev.candor.inference.openai.Json;
import dev.candor.inference.openai.TextCompletion;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Completions as server-sent events: chunks of all choices as they come, then the receipt as comment lines (or as an event, for a client that
 * asks), then {@code [DONE]}. The head, and with {@code echo} the prompts, go out with the first token, so that a failure before it is an
 * ordinary error.
 */
final class StreamedCompletion implements GenerationAnswer {
    private static final byte[] DONE = ReceiptAttachment.DONE.getBytes(StandardCharsets.US_ASCII);
    /** Scores of a prompt in one event, which clients keep whole. */
    private static final int SCORES_AT_ONCE = 256;

    private final Sse sse;
    private final String path;
    private final EchoedPrompts prompts;
    private final TextCompletion completion;
    private final ReceiptFields fields;
    private final Json json;
    private final boolean receiptAsEvent;
    private final List<CompletionLogprobs> logprobs;
    private boolean open;

    StreamedCompletion(
            Sse sse, String path, EchoedPrompts prompts, TextCompletion completion, ReceiptFields fields, Json json, boolean receiptAsEvent) {
        this.sse = sse;
        this.path = path;
        this.prompts = prompts;
        this.completion = completion;
        this.fields = fields;
        this.json = json;
        this.receiptAsEvent = receiptAsEvent;
        this.logprobs = IntStream.range(0, prompts.choices()).mapToObj(choice -> new CompletionLogprobs(prompts.tokenizer())).toList();
    }

    @Override
    public void prepare() throws Exception {
        prompts.score();
    }

    @Override
    public void cancel() {
        prompts.cancel();
    }

    @Override
    public synchronized void progress(int sequence, Progress progress) {
        open();
        Optional<ObjectNode> scores = scored() ? Optional.of(logprobs.get(sequence).next(progress.scores())) : Optional.empty();
        chunk(new TextCompletion.Choice(sequence, progress.text(), scores, Optional.empty()));
    }

    private boolean scored() {
        return prompts.request().logprobs().isPresent();
    }

    @Override
    public List<GenerationResult> chosen(List<GenerationResult> results) {
        return new BestAnswers(prompts).of(results);
    }

    @Override
    public synchronized OutputBinding finish(List<GenerationResult> chosen, UsageBinding usage) throws ReceiptVerificationException {
        open();
        for (int i = 0; i < chosen.size(); i++) {
            chunk(new TextCompletion.Choice(i, "", Optional.empty(), Optional.of(chosen.get(i).finishReason().wire())));
        }
        if (prompts.request().streaming().includeUsage()) {
            sse.data(json.bytes(completion.usageChunk(usage)));
        }
        return OutputBinding.ofStream(path, sse.bytes(), chosen.stream().map(GenerationResult::tokens).toList());
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

    private void open() {
        if (open) {
            return;
        }
        open = true;
        sse.open(headers());
        for (int choice = 0; choice < prompts.choices() && prompts.request().echo(); choice++) {
            echo(choice);
        }
    }

    private void echo(int choice) {
        if (!scored()) {
            chunk(new TextCompletion.Choice(choice, prompts.text(choice), Optional.empty(), Optional.empty()));
            return;
        }
        CompletionLogprobs own = logprobs.get(choice);
        List<TokenScore> scores = prompts.scores(choice);
        chunk(new TextCompletion.Choice(choice, prompts.text(choice), Optional.of(own.prompt(prompts.firstToken(choice), List.of())), Optional.empty()));
        for (int from = 0; from < scores.size(); from += SCORES_AT_ONCE) {
            List<TokenScore> some = scores.subList(from, Math.min(scores.size(), from + SCORES_AT_ONCE));
            chunk(new TextCompletion.Choice(choice, "", Optional.of(own.next(some)), Optional.empty()));
        }
        own.begin(prompts.text(choice));
    }

    private Map<String, String> headers() {
        Map<String, String> headers = new LinkedHashMap<>(Sse.HEADERS);
        headers.putAll(fields.headers(Optional.empty()));
        headers.putAll(new IgnoredMembers(prompts.request().ignored()).headers());
        return headers;
    }

    private void chunk(TextCompletion.Choice choice) {
        sse.data(json.bytes(completion.chunk(choice, prompts.request().streaming().includeUsage())));
    }
}
