package dev.candor.inference.http;

import dev.candor.attestation.digest.Digest;
import dev.candor.attestation.digest.InvalidJsonException;
import dev.candor.attestation.receipt.EffectiveRequest;
import dev.candor.attestation.receipt.SamplingBinding;
import dev.candor.attestation.receipt.Verification;
import dev.candor.inference.engine.GenerationRequest;
import dev.candor.inference.engine.ServiceTerms;
import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.ChatPlan;
import dev.candor.inference.openai.ChatRequest;
import dev.candor.inference.openai.Decoding;
import dev.candor.inference.openai.ErrorCode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;

/** Makes jobs of chat requests, whichever route they came by. Thread-safe; waits for the threads that make prompts. */
record ChatJobs(Prompts prompts, Jobs jobs) {
    /** Log probabilities in an answer: each takes some 80 bytes, and an event with all of them must stay one that clients read. */
    private static final long MOST_LOGPROBS = 150_000;

    /** A chat with the job that it is. */
    record Planned(ChatPlan plan, Job job) {}

    /**
     * Makes prompt, constraint and sequences.
     *
     * @param created when the answer says it was made
     * @throws ApiException if the model cannot answer the request
     */
    Planned make(Exchange exchange, ChatRequest request, ChatModel model, Instant created) throws ApiException, InterruptedException {
        requireReplayable(request.verification(), model);
        Optional<String> nonce = jobs.nonce(exchange);
        ServiceTerms terms = jobs.terms(exchange, request.service(), request.verification());
        Callable<ChatPlan> work = () -> model.plan(request, created);
        ChatPlan plan = request.constrained() ? prompts.compile(work) : prompts.run(work);
        long seed = jobs.seed(request.decoding().seed());
        int maxTokens = model.maxTokens(plan);
        requireFewLogprobs(request, maxTokens);
        SamplingBinding sampling = request.decoding().binding(seed, maxTokens);
        byte[] body = exchange.body();
        Order order = new Order(
                exchange.path(),
                Digest.sha256(body),
                effective(exchange.path(), body, model, sampling, request.verification()),
                model,
                request.verification(),
                sampling,
                nonce,
                Optional.empty(),
                jobs.receiptId());
        return new Planned(plan, new Job(order, model, sequences(plan, maxTokens, seed, terms), plan.prompt().tokens().length));
    }

    /** One for each answer; they differ by their seeds. */
    private static List<GenerationRequest> sequences(ChatPlan plan, int maxTokens, long seed, ServiceTerms terms) {
        Decoding decoding = plan.request().decoding();
        return IntStream.range(0, plan.request().choices()).mapToObj(choice -> new GenerationRequest(
                plan.prompt().tokens(),
                decoding.params(seed).forChoice(choice),
                maxTokens,
                Math.min(decoding.minTokens(), maxTokens),
                decoding.stop(),
                decoding.ignoreEos(),
                terms,
                plan.request().logprobs(),
                plan.constraint().map(compiled -> compiled::start))).toList();
    }

    private static void requireFewLogprobs(ChatRequest request, int maxTokens) throws ApiException {
        if (request.logprobs().isEmpty()) {
            return;
        }
        long all = (long) request.choices() * maxTokens * (1 + request.logprobs().getAsInt());
        if (all > MOST_LOGPROBS) {
            throw new ApiException(ErrorCode.INVALID_VALUE, "The answer could hold " + all + " log probabilities, and may have " + MOST_LOGPROBS
                    + ": lower 'top_logprobs', 'max_tokens' or the number of choices.", "top_logprobs");
        }
    }

    static void requireReplayable(Verification asked, ChatModel model) throws ApiException {
        if (asked == Verification.REPLAY && !model.replayable()) {
            throw new ApiException(ErrorCode.UNSUPPORTED_PARAMETER, "The model " + model.binding().name() + " cannot be replayed here: its steps do not"
                    + " give the bits of a prefill. Ask for the verification 'tee' or 'none', or a model whose entry in /v1/models offers 'replay'.",
                    "verification");
        }
    }

    private static EffectiveRequest effective(String path, byte[] body, ChatModel model, SamplingBinding sampling, Verification verification)
            throws ApiException {
        try {
            return EffectiveRequest.of(path, body, model.binding(), sampling, verification);
        } catch (InvalidJsonException e) {
            throw new ApiException(ErrorCode.INVALID_JSON, "The body is not valid JSON: " + e.getMessage());
        }
    }
}
