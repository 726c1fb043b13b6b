package dev.candor.inference.http;

import dev.candor.attestation.digest.Digest;
import dev.candor.attestation.receipt.EffectiveRequest;
import dev.candor.attestation.receipt.ReceiptId;
import dev.candor.attestation.receipt.SamplingBinding;
import dev.candor.inference.engine.EngineOverloadedException;
import dev.candor.inference.engine.ModelException;
import dev.candor.inference.engine.encoder.Encoding;
import dev.candor.inference.limits.Allowance;
import dev.candor.inference.metrics.NodeMetrics;
import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.ErrorCode;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;

/** A route of encoder models, from the body to the delivered receipt. Blocks. */
final class EncoderHandler implements Workers.Blocking {
    private final EncoderRoute route;
    private final PaymentGate gate;
    private final Admission admission;
    private final Jobs jobs;
    private final ReceiptService receipts;
    private final Deliveries deliveries;
    private final NodeMetrics metrics;
    private final SecureRandom random;

    EncoderHandler(
            EncoderRoute route,
            PaymentGate gate,
            Admission admission,
            Jobs jobs,
            ReceiptService receipts,
            Deliveries deliveries,
            NodeMetrics metrics,
            SecureRandom random) {
        this.route = route;
        this.gate = gate;
        this.admission = admission;
        this.jobs = jobs;
        this.receipts = receipts;
        this.deliveries = deliveries;
        this.metrics = metrics;
        this.random = random;
    }

    @Override
    public void handle(Exchange exchange) throws Exception {
        byte[] body = exchange.body();
        OptionalLong deadline = jobs.deadline(exchange);
        EncoderCall call = route.read(body);
        Order order = order(exchange, body, call);
        PaymentGate.Ask ask = new PaymentGate.Ask(route.words(), call.tokens(), 0, 1);
        switch (gate.pass(exchange, call.model().binding().name(), ask, order.bodyDigest())) {
            case Passage.Answered before -> exchange.send(before.answer());
            case Passage.Free free -> answer(exchange, call, order, free, deadline);
            case Passage.Paid paid -> answer(exchange, call, order.paidBy(paid), paid, deadline);
        }
    }

    private Order order(Exchange exchange, byte[] body, EncoderCall call) throws ApiException {
        EffectiveRequest effective =
                EffectiveRequest.ofData(exchange.path(), call.request().body(), call.model().binding(), call.request().verification());
        return new Order(
                exchange.path(), Digest.sha256(body), effective, call.model(), call.request().verification(), SamplingBinding.none(),
                jobs.nonce(exchange), Optional.empty(), ReceiptId.random(random));
    }

    /** @throws ApiException the client has not been told; nothing was charged then */
    private void answer(Exchange exchange, EncoderCall call, Order order, Passage.Granted granted, OptionalLong deadline) throws Exception {
        NodeMetrics.InferMeasurement measurement = metrics.infer(call.model().binding().name());
        try (Allowance allowance = granted.allowance()) {
            Encoding encoding = call.model().engine().submit(call.inputs(), granted.client().toString(), deadline);
            try (Admission.Ticket place = admission.enter(granted.client(), encoding::cancel)) {
                exchange.onClientGone(encoding::cancel);
                deliveries.send(exchange, order, call.answer().apply(encoding.await()), call.tokens());
                allowance.used(call.tokens());
            } finally {
                encoding.cancel();
            }
            measurement.encoded(call.tokens());
        } catch (Exception | Error failure) {
            measurement.failed();
            order.payment().ifPresent(paid -> receipts.release(paid, "the request failed before it was charged"));
            throw told(failure);
        }
    }

    private Exception told(Throwable failure) {
        return switch (failure) {
            case EngineOverloadedException full -> admission.full();
            case TimeoutException late -> ServiceRules.late("the answer");
            case CancellationException cancelled -> new ApiException(ErrorCode.UNAVAILABLE, "The request was cancelled before it was answered.");
            case ModelException model -> new ApiException(ErrorCode.MODEL_FAILED, "The model could not answer this request: " + model.getMessage() + ".");
            case Exception other -> other;
            default -> new IllegalStateException(failure);
        };
    }
}
