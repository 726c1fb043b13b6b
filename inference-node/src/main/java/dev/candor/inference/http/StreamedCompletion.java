package dev.candor.inference.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.receipt.OutputBinding;
import dev.candor.attestation.receipt.ReceiptVerificationException;
import dev.candor.attestation.receipt.UsageBinding;
import dev.candor.inference.engine.GenerationResult;
import dev.candor.inference.engine.Progress;
import dev.candor.inference.engine.TokenScore;
import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.CompletionLogprobs;
import dev.candor.inference.openai.TextCompletion;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Completions as server-sent events; with {@code echo} the prompts go out with the first token. */
final class StreamedCompletion implements GenerationAnswer {
    /** Scores of a prompt in one event, which clients keep whole. */
    private static final int SCORES_AT_ONCE = 256;

    private final AnswerStream stream;
    private final String path;
    private final EchoedPrompts prompts;
    private final TextCompletion completion;
    private final List<CompletionLogprobs> logprobs;

    StreamedCompletion(AnswerStream stream, String path, EchoedPrompts prompts, TextCompletion completion) {
        this.stream = stream;
        this.path = path;
        this.prompts = prompts;
        this.completion = completion;
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
            stream.chunk(completion.usageChunk(usage));
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

    private void open() {
        if (stream.open() && prompts.request().echo()) {
            for (int choice = 0; choice < prompts.choices(); choice++) {
                echo(choice);
            }
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

    private void chunk(TextCompletion.Choice choice) {
        stream.chunk(completion.chunk(choice, prompts.request().streaming().includeUsage()));
    }
}
