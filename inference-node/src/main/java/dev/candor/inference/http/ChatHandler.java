package dev.candor.inference.http;

import dev.candor.attestation.digest.Digest;
import dev.candor.attestation.receipt.OutputBinding;
import dev.candor.attestation.receipt.ReceiptVerificationException;
import dev.candor.attestation.receipt.UsageBinding;
import dev.candor.inference.engine.EngineOverloadedException;
import dev.candor.inference.engine.FinishReason;
import dev.candor.inference.engine.GenerationResult;
import dev.candor.inference.metrics.NodeMetrics;
import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.ChatRequest;
import dev.candor.inference.openai.ChatRequestParser;
import dev.candor.inference.openai.ErrorCode;
import java.util.List;
import java.util.Optional;

/** {@code POST /v1/chat/completions}, from the body to the delivered receipt. Blocks. */
final class ChatHandler implements Workers.Blocking {
    private final ChatRequestParser parser;
    private final Models models;
    private final PaymentGate gate;
    private final Admission admission;
    private final Jobs jobs;
    private final ChatAnswers answers;
    private final ReceiptService receipts;
    private final AnswerCache delivered;
    private final NodeMetrics metrics;
    private final Failures failures;

    ChatHandler(
            ChatRequestParser parser,
            Models models,
            PaymentGate gate,
            Admission admission,
            Jobs jobs,
            ChatAnswers answers,
            ReceiptService receipts,
            AnswerCache delivered,
            NodeMetrics metrics,
            Failures failures) {
        this.parser = parser;
        this.models = models;
        this.gate = gate;
        this.admission = admission;
        this.jobs = jobs;
        this.answers = answers;
        this.receipts = receipts;
        this.delivered = delivered;
        this.metrics = metrics;
        this.failures = failures;
    }

    @Override
    public void handle(Exchange exchange) throws Exception {
        byte[] body = exchange.body();
        ChatRequest request = parser.parse(body);
        ServedModel model = models.find(request.model());
        Optional<String> nonce = jobs.nonce(exchange);
        ServedModel.Prompt prompt = model.prompt(request);
        Digest digest = Digest.sha256(body);
        switch (gate.pass(exchange, model.binding().name(), prompt, digest)) {
            case Passage.Answered before -> exchange.send(before.answer());
            case Passage.Free free -> answer(exchange, jobs.make(exchange, request, digest, model, prompt, nonce, Optional.empty()));
            case Passage.Paid paid -> answer(exchange, jobs.make(exchange, request, digest, model, prompt, nonce, Optional.of(paid)));
        }
    }

    /** @throws ApiException if the client has not been told; nothing was charged then */
    private void answer(Exchange exchange, Job job) throws ApiException {
        NodeMetrics.RequestMeasurement measurement = metrics.request(job.model().binding().name());
        GenerationRun run = new GenerationRun(measurement);
        ChatAnswer answer = answers.make(exchange, job, run::cancel);
        try (Admission.Ticket place = admission.enter(run::cancel)) {
            exchange.onClientGone(run::cancel);
            run.start(job.model().engine(), job.generation(), answer::text);
            GenerationResult result = run.await();
            complete(job, answer, result);
            measurement.finished(result);
        } catch (Exception failure) {
            measurement.failed();
            job.payment().ifPresent(paid -> receipts.release(paid, "the request failed before it was charged"));
            ApiException told = failure instanceof EngineOverloadedException ? admission.full() : failures.known(failure, exchange.requestId());
            if (!answer.fail(told)) {
                throw told;
            }
        }
    }

    /** The receipt is durable before the first of its bytes leaves. */
    private void complete(Job job, ChatAnswer answer, GenerationResult result) throws ApiException, ReceiptVerificationException {
        if (result.finishReason() == FinishReason.CANCELLED && result.tokens().length == 0) {
            throw new ApiException(ErrorCode.UNAVAILABLE, "The request was cancelled before its first token.");
        }
        UsageBinding usage = new UsageBinding(
                result.promptTokens(), result.cachedTokens(), result.tokens().length, List.of(result.finishReason().wire()));
        OutputBinding output = answer.finish(result, usage);
        if (!job.needsReceipt()) {
            answer.deliver(answer.seal(Optional.empty()));
            return;
        }
        SignedAnswer signed = receipts.sign(job, result.tokens(), output, usage);
        Reply sealed = answer.seal(Optional.of(signed));
        job.payment().ifPresent(paid -> delivered.put(paid.key(), sealed));
        try {
            receipts.commit(job, signed);
        } catch (RuntimeException e) {
            job.payment().ifPresent(paid -> delivered.remove(paid.key()));
            throw e;
        }
        answer.deliver(sealed);
    }
}
