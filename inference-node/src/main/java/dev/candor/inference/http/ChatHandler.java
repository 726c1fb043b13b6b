package dev.candor.inference.http;

import dev.candor.attestation.digest.Digest;
import dev.candor.attestation.receipt.OutputBinding;
import dev.candor.attestation.receipt.ReceiptVerificationException;
import dev.candor.attestation.receipt.UsageBinding;
import dev.candor.attestation.receipt.Verification;
import dev.candor.inference.engine.EngineOverloadedException;
import dev.candor.inference.engine.FinishReason;
import dev.candor.inference.engine.GenerationResult;
import dev.candor.inference.engine.ServiceTerms;
import dev.candor.inference.metrics.NodeMetrics;
import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.ChatRequest;
import dev.candor.inference.openai.ChatRequestParser;
import dev.candor.inference.openai.ErrorCode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** {@code POST /v1/chat/completions}, from the body to the delivered receipt. Blocks. */
final class ChatHandler implements Workers.Blocking {
    private final ChatRequestParser parser;
    private final Models models;
    private final Prompts prompts;
    private final PaymentGate gate;
    private final Admission admission;
    private final Jobs jobs;
    private final ChatAnswers answers;
    private final ReceiptService receipts;
    private final Deliveries deliveries;
    private final NodeMetrics metrics;
    private final Failures failures;

    ChatHandler(
            ChatRequestParser parser,
            Models models,
            Prompts prompts,
            PaymentGate gate,
            Admission admission,
            Jobs jobs,
            ChatAnswers answers,
            ReceiptService receipts,
            Deliveries deliveries,
            NodeMetrics metrics,
            Failures failures) {
        this.parser = parser;
        this.models = models;
        this.prompts = prompts;
        this.gate = gate;
        this.admission = admission;
        this.jobs = jobs;
        this.answers = answers;
        this.receipts = receipts;
        this.deliveries = deliveries;
        this.metrics = metrics;
        this.failures = failures;
    }

    @Override
    public void handle(Exchange exchange) throws Exception {
        byte[] body = exchange.body();
        ChatRequest request = parser.parse(body);
        ChatModel model = models.find(request.model(), ChatModel.class);
        requireReplayable(request, model);
        Optional<String> nonce = jobs.nonce(exchange);
        ServiceTerms terms = jobs.terms(exchange, request);
        Instant created = jobs.now();
        ChatModel.Prompt prompt = prompts.make(model, request, created);
        Digest digest = Digest.sha256(body);
        Job job = jobs.make(exchange, request, terms, digest, model, prompt, created, nonce);
        admission.requireRoom();
        switch (gate.pass(exchange, model.binding().name(), new PaymentGate.Ask("One chat completion", prompt.tokens().length, prompt.maxTokens()), digest)) {
            case Passage.Answered before -> exchange.send(before.answer());
            case Passage.Free free -> answer(exchange, job);
            case Passage.Paid paid -> answer(exchange, job.paidBy(paid));
        }
    }

    private static void requireReplayable(ChatRequest request, ChatModel model) throws ApiException {
        if (request.verification() == Verification.REPLAY && !model.replayable()) {
            throw new ApiException(ErrorCode.UNSUPPORTED_PARAMETER, "The model " + model.binding().name() + " cannot be replayed here: its steps do not"
                    + " give the bits of a prefill. Ask for the verification 'tee' or 'none', or a model whose entry in /v1/models offers 'replay'.",
                    "verification");
        }
    }

    /** @throws ApiException if the client has not been told; nothing was charged then */
    private void answer(Exchange exchange, Job job) throws ApiException {
        Attempt attempt = new Attempt(exchange, job);
        GenerationResult result;
        try (Admission.Ticket place = admission.enter(attempt.run::cancel)) {
            exchange.onClientGone(attempt.run::cancel);
            attempt.run.start(job.model().engine(), job.generation(), attempt.answer::text);
            result = attempt.run.await();
            complete(job, attempt.answer, result);
        } catch (Exception | Error failure) {
            attempt.fail(failure);
            return;
        }
        attempt.measurement.finished(result);
    }

    /** One way through the engine, and what is to be done when it fails. */
    private final class Attempt {
        private final Exchange exchange;
        private final Job job;
        private final NodeMetrics.RequestMeasurement measurement;
        private final GenerationRun run;
        private final ChatAnswer answer;

        Attempt(Exchange exchange, Job job) {
            this.exchange = exchange;
            this.job = job;
            this.measurement = metrics.request(job.model().binding().name());
            this.run = new GenerationRun(measurement);
            this.answer = answers.make(exchange, job, run::cancel);
        }

        /** @throws ApiException if the client has not been told by a part of the answer */
        void fail(Throwable failure) throws ApiException {
            run.cancel();
            job.payment().ifPresent(paid -> receipts.release(paid, "the request failed before it was charged"));
            measurement.failed();
            ApiException told = failure instanceof EngineOverloadedException ? admission.full() : failures.known(failure, exchange.requestId());
            if (!answer.fail(told)) {
                throw told;
            }
        }
    }

    private static void requireTokens(GenerationResult result) throws ApiException {
        if (result.tokens().length > 0) {
            return;
        }
        if (result.finishReason() == FinishReason.CANCELLED) {
            throw new ApiException(ErrorCode.UNAVAILABLE, "The request was cancelled before its first token.");
        }
        if (result.finishReason() == FinishReason.TIMEOUT) {
            throw ServiceRules.late("the first token");
        }
    }

    private void complete(Job job, ChatAnswer answer, GenerationResult result) throws ApiException, ReceiptVerificationException {
        requireTokens(result);
        UsageBinding usage = new UsageBinding(
                result.promptTokens(), result.cachedTokens(), result.tokens().length, List.of(result.finishReason().wire()));
        OutputBinding output = answer.finish(result, usage);
        Order order = job.order();
        if (!order.needsReceipt()) {
            answer.deliver(answer.seal(Optional.empty()));
            return;
        }
        SignedAnswer signed = receipts.sign(order, List.of(result.tokens()), output, usage);
        Reply sealed = answer.seal(Optional.of(signed));
        deliveries.commit(order, signed, sealed);
        answer.deliver(sealed);
    }
}
