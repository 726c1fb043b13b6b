package dev.candor.inference.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.receipt.OutputBinding;
import dev.candor.attestation.receipt.ReceiptVerificationException;
import dev.candor.attestation.receipt.UsageBinding;
import dev.candor.inference.engine.GenerationResult;
import dev.candor.inference.engine.Progress;
import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.CompletionLogprobs;
import dev.candor.inference.openai.IgnoredMembers;
import dev.candor.inference.openai.Json;
import dev.candor.inference.openai.TextCompletion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Completions in one JSON body. */
final class WholeCompletion implements GenerationAnswer {
    private final Exchange exchange;
    private final String path;
    private final EchoedPrompts prompts;
    private final TextCompletion completion;
    private final ReceiptFields fields;
    private final Json json;
    private ObjectNode body;

    WholeCompletion(Exchange exchange, String path, EchoedPrompts prompts, TextCompletion completion, ReceiptFields fields, Json json) {
        this.exchange = exchange;
        this.path = path;
        this.prompts = prompts;
        this.completion = completion;
        this.fields = fields;
        this.json = json;
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
    public void progress(int sequence, Progress progress) {
        // All comes with the results.
    }

    @Override
    public List<GenerationResult> chosen(List<GenerationResult> results) {
        return new BestAnswers(prompts).of(results);
    }

    @Override
    public OutputBinding finish(List<GenerationResult> chosen, UsageBinding usage) throws ReceiptVerificationException {
        List<TextCompletion.Choice> choices = new ArrayList<>();
        for (int i = 0; i < chosen.size(); i++) {
            GenerationResult result = chosen.get(i);
            choices.add(new TextCompletion.Choice(
                    i, prompts.text(i) + result.text(), logprobs(i, result), Optional.of(result.finishReason().wire())));
        }
        body = completion.body(choices, usage);
        return OutputBinding.ofBody(path, body, chosen.stream().map(GenerationResult::tokens).toList());
    }

    private Optional<ObjectNode> logprobs(int choice, GenerationResult result) {
        if (prompts.request().logprobs().isEmpty()) {
            return Optional.empty();
        }
        CompletionLogprobs logprobs = new CompletionLogprobs(prompts.tokenizer());
        ObjectNode all = prompts.request().echo() ? logprobs.prompt(prompts.firstToken(choice), prompts.scores(choice)) : CompletionLogprobs.empty();
        logprobs.begin(prompts.text(choice));
        CompletionLogprobs.append(all, logprobs.next(result.scores()));
        return Optional.of(all);
    }

    @Override
    public Reply seal(Optional<SignedAnswer> receipt) {
        return fields.seal(body, receipt, json).with(new IgnoredMembers(prompts.request().ignored()).headers());
    }

    @Override
    public void deliver(Reply sealed) {
        exchange.send(sealed);
    }

    @Override
    public boolean fail(ApiException failure) {
        return false;
    }
}
