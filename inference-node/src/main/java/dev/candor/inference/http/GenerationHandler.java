package dev.candor.inference.http;

import dev.candor.attestation.receipt.OutputBinding;
import dev.candor.attestation.receipt.ReceiptVerificationException;
import dev.candor.attestation.receipt.UsageBinding;
import dev.candor.inference.engine.EngineOverloadedException;
import dev.candor.inference.engine.FinishReason;
import dev.candor.inference.engine.GenerationResult;
import dev.candor.inference.limits.Allowance;
import dev.candor.inference.metrics.NodeMetrics;
import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.ErrorCode;
import java.util.List;
import java.util.Optional;

/** A route that generates tokens, from the body to the delivered receipt. Blocks. */
final class GenerationHandler implements Workers.Blocking {
    /** Of all answers to a request with several: each is kept, as it was sent, until the receipt is made. */
    private static final int MOST_TOKENS = 1 << 18;

    private final GenerationRoute route;
    private final PaymentGate gate;
    private final Admission admission;
    private final ReceiptService receipts;
    private final Deliveries deliveries;
    private final NodeMetrics metrics;
    private final Failures failures;

    GenerationHandler(
            GenerationRoute route,
            PaymentGate gate,
            Admission admission,
            ReceiptService receipts,
            Deliveries deliveries,
            NodeMetrics metrics,
            Failures failures) {
        this.route = route;
        this.gate = gate;
        this.admission = admission;
        this.receipts = receipts;
        this.deliveries = deliveries;
        this.metrics = metrics;
        this.failures = failures;
    }

    @Override
    public void handle(Exchange exchange) throws Exception {
        GenerationCall call = route.read(exchange);
        Job job = call.job();
        requireHoldable(job);
        PaymentGate.Ask ask = new PaymentGate.Ask(route.words(), job.promptTokens(), job.mostTokens(), job.places());
        switch (gate.pass(exchange, job.model().binding().name(), ask, job.order().bodyDigest())) {
            case Passage.Answered before -> exchange.send(before.answer());
            case Passage.Free free -> answer(exchange, job, call.form(), free);
            case Passage.Paid paid -> answer(exchange, job.paidBy(paid), call.form(), paid);
        }
    }

    private static void requireHoldable(Job job) throws ApiException {
        if (job.sequences().size() > 1 && job.mostTokens() > MOST_TOKENS) {
            throw new ApiException(ErrorCode.INVALID_VALUE, "The request's " + job.sequences().size() + " answers may have " + job.mostTokens()
                    + " tokens together, and this node holds at most " + MOST_TOKENS + " for one request: ask for fewer answers, or lower 'max_tokens'.", "n");
        }
    }

    /** @throws ApiException if the client has not been told; nothing was charged then */
    private void answer(Exchange exchange, Job job, GenerationCall.Form form, Passage.Granted granted) throws ApiException {
        try (Allowance allowance = granted.allowance()) {
            run(begun(exchange, job, form), granted, allowance);
        }
    }

    private Attempt begun(Exchange exchange, Job job, GenerationCall.Form form) {
        try {
            return new Attempt(exchange, job, form);
        } catch (RuntimeException | Error failure) {
            job.order().payment().ifPresent(paid -> receipts.release(paid, "the answer could not be begun"));
            throw failure;
        }
    }

    private void run(Attempt attempt, Passage.Granted granted, Allowance allowance) throws ApiException {
        Job job = attempt.job;
        List<GenerationResult> results;
        try (Admission.Ticket places = admission.enter(granted.client(), job.places(), attempt::cancel)) {
            attempt.form.admit(job.order());
            attempt.exchange.onClientGone(attempt::cancel);
            attempt.answer.prepare();
            attempt.run.start(job.model().engine(), job.sequences(), attempt.answer::progress);
            results = attempt.run.await();
            allowance.used(job.promptTokens() + generated(results));
            complete(attempt, results);
        } catch (Exception | Error failure) {
            attempt.fail(failure);
            return;
        }
        attempt.measurement.finished(job.promptTokens(), results);
    }

    /** One way through the engine, and what is to be done when it fails. */
    private final class Attempt {
        private final Exchange exchange;
        private final Job job;
        private final GenerationCall.Form form;
        private final NodeMetrics.RequestMeasurement measurement;
        private final GenerationRun run;
        private final GenerationAnswer answer;
        private boolean charged;

        Attempt(Exchange exchange, Job job, GenerationCall.Form form) {
            this.exchange = exchange;
            this.job = job;
            this.form = form;
            this.measurement = metrics.request(job.model().binding().name());
            this.run = new GenerationRun(measurement);
            this.answer = form.answer(exchange, job.order(), this::cancel);
        }

        void cancel() {
            run.cancel();
            answer.cancel();
        }

        /** @throws ApiException if the client has not been told by a part of the answer */
        void fail(Throwable failure) throws ApiException {
            cancel();
            measurement.failed();
            ApiException told = failure instanceof EngineOverloadedException ? admission.full() : failures.known(failure, exchange.requestId());
            if (charged) {
                told.noRetry();
            } else {
                job.order().payment().ifPresent(paid -> receipts.release(paid, "the request failed before it was charged"));
            }
            if (!answer.fail(told)) {
                throw told;
            }
        }
    }

    private void complete(Attempt attempt, List<GenerationResult> results) throws ApiException, ReceiptVerificationException {
        requireTokens(results);
        Job job = attempt.job;
        GenerationAnswer answer = attempt.answer;
        List<GenerationResult> chosen = answer.chosen(results);
        UsageBinding usage = new UsageBinding(
                job.promptTokens(),
                cached(job, results),
                generated(results),
                answer.reasons(chosen));
        OutputBinding output = answer.finish(chosen, usage);
        Order order = job.order();
        if (!order.needsReceipt()) {
            answer.deliver(answer.seal(Optional.empty()));
            return;
        }
        SignedAnswer signed = receipts.sign(order, chosen.stream().map(GenerationResult::tokens).toList(), output, usage);
        Reply sealed = answer.seal(Optional.of(signed));
        deliveries.commit(order, signed, sealed);
        attempt.charged = true;
        answer.deliver(sealed);
    }

    private static int generated(List<GenerationResult> results) {
        return results.stream().mapToInt(result -> result.tokens().length).sum();
    }

    private static void requireTokens(List<GenerationResult> results) throws ApiException {
        if (results.stream().anyMatch(result -> result.tokens().length > 0)) {
            return;
        }
        if (results.stream().anyMatch(result -> result.finishReason() == FinishReason.CANCELLED)) {
            throw new ApiException(ErrorCode.UNAVAILABLE, "The request was cancelled before its first token.");
        }
        if (results.stream().anyMatch(result -> result.finishReason() == FinishReason.TIMEOUT)) {
            throw ServiceRules.late("the first token");
        }
    }

    /** Answers to the same prompt find it computed by the first of them, which is no saving of the client's. */
    private static int cached(Job job, List<GenerationResult> results) {
        int cached = 0;
        for (int i = 0; i < results.size(); i++) {
            if (i == 0 || job.sequences().get(i).promptTokens() != job.sequences().get(i - 1).promptTokens()) {
                cached += results.get(i).cachedTokens();
            }
        }
        return cached;
    }
}
