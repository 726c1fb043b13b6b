package dev.candor.inference.http;

import dev.candor.attestation.digest.Digest;
import dev.candor.attestation.receipt.EffectiveRequest;
import dev.candor.attestation.receipt.SamplingBinding;
import dev.candor.attestation.receipt.Verification;
import dev.candor.inference.engine.GenerationRequest;
import dev.candor.inference.engine.ServiceTerms;
import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.ChatRequest;
import dev.candor.inference.openai.ChatRequestParser;
import dev.candor.inference.openai.Completion;
import dev.candor.inference.openai.Decoding;
import dev.candor.inference.openai.ErrorCode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** {@code POST /v1/chat/completions}. */
final class ChatRoute implements GenerationRoute {
    private final ChatRequestParser parser;
    private final Models models;
    private final Prompts prompts;
    private final Jobs jobs;
    private final ChatAnswers answers;

    ChatRoute(ChatRequestParser parser, Models models, Prompts prompts, Jobs jobs, ChatAnswers answers) {
        this.parser = parser;
        this.models = models;
        this.prompts = prompts;
        this.jobs = jobs;
        this.answers = answers;
    }

    @Override
    public String words() {
        return "One chat completion";
    }

    @Override
    public GenerationCall read(Exchange exchange) throws ApiException, InterruptedException {
        byte[] body = exchange.body();
        ChatRequest request = parser.parse(body);
        ChatModel model = models.find(request.model(), ChatModel.class);
        requireReplayable(request.verification(), model);
        Optional<String> nonce = jobs.nonce(exchange);
        ServiceTerms terms = jobs.terms(exchange, request.service(), request.verification());
        Instant created = jobs.now();
        ChatModel.Prompt prompt = prompts.make(model, request, created);
        long seed = jobs.seed(request.decoding().seed());
        GenerationRequest sequence = sequence(request, prompt, seed, terms);
        SamplingBinding sampling = request.decoding().binding(seed, prompt.maxTokens());
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
        Completion completion = jobs.completion("chatcmpl-", model, created);
        return new GenerationCall(
                new Job(order, model, List.of(sequence), prompt.tokens().length),
                (to, paid, onGone) -> answers.make(to, paid, request, completion, onGone));
    }

    static void requireReplayable(Verification asked, ChatModel model) throws ApiException {
        if (asked == Verification.REPLAY && !model.replayable()) {
            throw new ApiException(ErrorCode.UNSUPPORTED_PARAMETER, "The model " + model.binding().name() + " cannot be replayed here: its steps do not"
                    + " give the bits of a prefill. Ask for the verification 'tee' or 'none', or a model whose entry in /v1/models offers 'replay'.",
                    "verification");
        }
    }

    private static GenerationRequest sequence(ChatRequest request, ChatModel.Prompt prompt, long seed, ServiceTerms terms) {
        Decoding decoding = request.decoding();
        return new GenerationRequest(
                prompt.tokens(), decoding.params(seed), prompt.maxTokens(), Math.min(decoding.minTokens(), prompt.maxTokens()), decoding.stop(),
                decoding.ignoreEos(), terms);
    }
}
