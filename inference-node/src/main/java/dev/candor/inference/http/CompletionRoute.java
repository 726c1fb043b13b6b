package dev.candor.inference.http;

import dev.candor.attestation.digest.Digest;
import dev.candor.attestation.receipt.EffectiveRequest;
import dev.candor.attestation.receipt.SamplingBinding;
import dev.candor.inference.engine.GenerationRequest;
import dev.candor.inference.engine.ServiceTerms;
import dev.candor.inference.engine.sampling.SamplingParams;
import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.Completion;
import dev.candor.inference.openai.CompletionPrompt;
import dev.candor.inference.openai.CompletionRequest;
import dev.candor.inference.openai.CompletionRequestParser;
import dev.candor.inference.openai.Decoding;
import dev.candor.inference.openai.TextCompletion;
import dev.candor.inference.structured.CompiledConstraint;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** {@code POST /v1/completions}. */
final class CompletionRoute implements GenerationRoute {
    private final CompletionRequestParser parser;
    private final Models models;
    private final Prompts prompts;
    private final Jobs jobs;
    private final CompletionAnswers answers;

    CompletionRoute(CompletionRequestParser parser, Models models, Prompts prompts, Jobs jobs, CompletionAnswers answers) {
        this.parser = parser;
        this.models = models;
        this.prompts = prompts;
        this.jobs = jobs;
        this.answers = answers;
    }

    @Override
    public String words() {
        return "One completion";
    }

    @Override
    public GenerationCall read(Exchange exchange) throws ApiException, InterruptedException {
        byte[] body = exchange.body();
        CompletionRequest request = parser.parse(body);
        ChatModel model = models.find(request.model(), ChatModel.class);
        CompletionRoom room = new CompletionRoom(request, model);
        room.requirePossible();
        ChatJobs.requireReplayable(request.verification(), model);
        Optional<String> nonce = jobs.nonce(exchange);
        ServiceTerms terms = jobs.terms(exchange, request.service(), request.verification());
        Completion completion = jobs.completion("cmpl-", model, jobs.now());
        List<CompletionPrompt> made = prompts.run(() -> CompletionPrompt.of(request, model.tokenizer()));
        int maxTokens = room.maxTokens(made);
        Optional<CompiledConstraint> form = request.format().isPresent() ? prompts.compile(() -> room.form(maxTokens)) : Optional.empty();
        long seed = jobs.seed(request.decoding().seed());
        SamplingBinding sampling = request.decoding().binding(seed, maxTokens);
        Order order = new Order(
                exchange.path(),
                Digest.sha256(body),
                EffectiveRequest.ofGeneration(exchange.path(), request.body(), model.binding(), sampling, request.verification()),
                model,
                request.verification(),
                sampling,
                nonce,
                Optional.empty(),
                jobs.receiptId());
        int promptTokens = made.stream().mapToInt(prompt -> prompt.tokens().length).sum();
        return new GenerationCall(
                new Job(order, model, sequences(request, made, request.decoding().params(seed), maxTokens, form, terms), promptTokens),
                (to, paid, onGone) -> answers.make(to, paid, request, new EchoedPrompts(request, made, model, terms.deadlineNanos()),
                        new TextCompletion(completion), onGone));
    }

    private static List<GenerationRequest> sequences(
            CompletionRequest request, List<CompletionPrompt> prompts, SamplingParams params, int maxTokens,
            Optional<CompiledConstraint> form, ServiceTerms terms) {
        Decoding decoding = request.decoding();
        OptionalInt logprobs = request.selects() ? OptionalInt.of(request.logprobs().orElse(0)) : request.logprobs();
        List<GenerationRequest> sequences = new ArrayList<>();
        for (int drawn = 0; drawn < request.drawn(); drawn++) {
            sequences.add(new GenerationRequest(
                    prompts.get(drawn / request.bestOf()).tokens(),
                    params.forChoice(drawn),
                    maxTokens,
                    Math.min(decoding.minTokens(), maxTokens),
                    decoding.stop(),
                    decoding.ignoreEos(),
                    terms,
                    logprobs,
                    form.map(compiled -> compiled::start)));
        }
        return sequences;
    }
}
