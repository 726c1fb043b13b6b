package dev.candor.inference.http;

import dev.candor.attestation.digest.Digest;
import dev.candor.attestation.digest.InvalidJsonException;
import dev.candor.attestation.receipt.EffectiveRequest;
import dev.candor.attestation.receipt.OutputBinding;
import dev.candor.attestation.receipt.ReceiptId;
import dev.candor.attestation.receipt.SamplingBinding;
import dev.candor.attestation.receipt.UsageBinding;
import dev.candor.attestation.receipt.Verification;
import dev.candor.inference.engine.EngineOverloadedException;
import dev.candor.inference.engine.ModelException;
import dev.candor.inference.engine.tensor.Tensor;
import dev.candor.inference.engine.tensor.TensorMismatchException;
import dev.candor.inference.engine.tensor.TensorRequest;
import dev.candor.inference.engine.tensor.TensorRun;
import dev.candor.inference.engine.tensor.TensorSpec;
import dev.candor.inference.engine.tensor.TensorStoppedException;
import dev.candor.inference.limits.Allowance;
import dev.candor.inference.metrics.NodeMetrics;
import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.ErrorCode;
import dev.candor.inference.openinference.InferRequest;
import dev.candor.inference.openinference.InferRequestReader;
import dev.candor.inference.openinference.ModelPath;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** {@code POST /v2/models/NAME/infer}, from the body to the delivered receipt. Blocks. */
final class InferHandler implements Workers.Blocking {
    private static final String HEADER_LENGTH = "Inference-Header-Content-Length";
    private static final int UNIT = 1024;
    /** What a receipt can name. */
    private static final int MAX_PATH = 256;

    private final InferRequestReader reader = new InferRequestReader();
    private final Models models;
    private final PaymentGate gate;
    private final Admission admission;
    private final Jobs jobs;
    private final InferAnswers answers;
    private final ReceiptService receipts;
    private final Deliveries deliveries;
    private final NodeMetrics metrics;
    private final SecureRandom random;

    InferHandler(
            Models models,
            PaymentGate gate,
            Admission admission,
            Jobs jobs,
            InferAnswers answers,
            ReceiptService receipts,
            Deliveries deliveries,
            NodeMetrics metrics,
            SecureRandom random) {
        this.models = models;
        this.gate = gate;
        this.admission = admission;
        this.jobs = jobs;
        this.answers = answers;
        this.receipts = receipts;
        this.deliveries = deliveries;
        this.metrics = metrics;
        this.random = random;
    }

    /** A request that is understood. */
    private record Work(Order order, TensorModel model, InferRequest request, TensorRequest tensors, int units) {
        Work paidBy(Passage.Paid paid) {
            return new Work(order.paidBy(paid), model, request, tensors.of(paid.client().toString()), units);
        }
    }

    @Override
    public void handle(Exchange exchange) throws Exception {
        if (exchange.path().length() > MAX_PATH) {
            throw new ApiException(ErrorCode.URI_TOO_LONG, "The path is longer than " + MAX_PATH + " characters.");
        }
        if (exchange.header("content-encoding").isPresent()) {
            throw new ApiException(ErrorCode.UNSUPPORTED_MEDIA_TYPE, "Compressed bodies are not read: send the body as it is.");
        }
        TensorModel model = models.find(ModelPath.parse(exchange.path().substring(OpenInferenceRoutes.MODELS.length()), "infer").model(), TensorModel.class);
        byte[] body = exchange.body();
        OptionalLong deadline = jobs.deadline(exchange);
        Work work = work(exchange, model, body, reader.read(body, headerLength(exchange)), deadline);
        switch (gate.pass(exchange, model.binding().name(), new PaymentGate.Ask("One inference", work.units(), 0, 1), work.order().bodyDigest())) {
            case Passage.Answered before -> exchange.send(before.answer());
            case Passage.Free free -> answer(exchange, work, free);
            case Passage.Paid paid -> answer(exchange, work.paidBy(paid), paid);
        }
    }

    private Work work(Exchange exchange, TensorModel model, byte[] body, InferRequest request, OptionalLong deadline) throws ApiException {
        List<String> outputs = request.outputs().isEmpty()
                ? model.engine().signature().outputs().stream().map(TensorSpec::name).toList()
                : request.outputs().stream().map(InferRequest.Output::name).distinct().toList();
        checkFit(model, request, outputs);
        Verification verification = verification(request);
        Order order = new Order(
                exchange.path(), Digest.sha256(body), effective(exchange.path(), body, model, verification), model, verification, SamplingBinding.none(),
                jobs.nonce(exchange), Optional.empty(), ReceiptId.random(random));
        long bytes = request.inputs().stream().mapToLong(input -> input.data().byteSize()).sum();
        long now = System.nanoTime();
        long patience = Math.min(request.timeout().orElse(Long.MAX_VALUE / 1000) * 1000, model.engine().patience().toNanos());
        long left = deadline.isPresent() ? Math.min(patience, deadline.getAsLong() - now) : patience;
        TensorRequest tensors = new TensorRequest(request.inputs(), outputs, now + left, exchange.caller().client().toString());
        return new Work(order, model, request, tensors, Math.toIntExact(Math.max(1, Math.ceilDiv(bytes, UNIT))));
    }

    /** Before anything is paid. */
    private static void checkFit(TensorModel model, InferRequest request, List<String> outputs) throws ApiException {
        try {
            model.engine().signature().check(request.inputs(), outputs);
        } catch (TensorMismatchException e) {
            throw mismatch(e);
        }
    }

    private static ApiException mismatch(TensorMismatchException e) {
        String message = e.getMessage();
        return new ApiException(ErrorCode.INVALID_VALUE, Character.toUpperCase(message.charAt(0)) + message.substring(1) + ".", e.tensor());
    }

    private static Verification verification(InferRequest request) throws ApiException {
        String asked = request.verification().orElse(Verification.TEE.wire());
        for (Verification mode : List.of(Verification.NONE, Verification.TEE)) {
            if (mode.wire().equals(asked)) {
                return mode;
            }
        }
        throw new ApiException(ErrorCode.INVALID_VALUE, "'parameters.verification' must be none or tee for tensors.", "parameters.verification");
    }

    private static EffectiveRequest effective(String path, byte[] body, TensorModel model, Verification verification) {
        try {
            return EffectiveRequest.of(path, body, model.binding(), SamplingBinding.none(), verification);
        } catch (InvalidJsonException e) {
            throw new IllegalStateException("tensors are bound by their bytes", e);
        }
    }

    private static OptionalLong headerLength(Exchange exchange) throws ApiException {
        Optional<String> header = exchange.header(HEADER_LENGTH);
        try {
            return header.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(header.get()));
        } catch (NumberFormatException e) {
            throw new ApiException(ErrorCode.INVALID_VALUE, HEADER_LENGTH + " must be a number of bytes.", HEADER_LENGTH);
        }
    }

    /** @throws ApiException the client has not been told; nothing was charged then */
    private void answer(Exchange exchange, Work work, Passage.Granted granted) throws Exception {
        NodeMetrics.InferMeasurement measurement = metrics.infer(work.model().binding().name());
        try (Allowance allowance = granted.allowance()) {
            TensorRun run = work.model().engine().submit(work.tensors());
            try (Admission.Ticket place = admission.enter(granted.client(), run::cancel)) {
                exchange.onClientGone(run::cancel);
                complete(exchange, work, run.await());
                allowance.used(work.units());
            } finally {
                run.cancel();
            }
            measurement.finished(work.units());
        } catch (Exception | Error failure) {
            measurement.failed();
            work.order().payment().ifPresent(paid -> receipts.release(paid, "the request failed before it was charged"));
            throw told(failure);
        }
    }

    private Exception told(Throwable failure) {
        return switch (failure) {
            case EngineOverloadedException full -> admission.full();
            case TensorMismatchException mismatch -> mismatch(mismatch);
            case TensorStoppedException stopped when stopped.reason() == TensorStoppedException.Reason.DEADLINE ->
                new ApiException(ErrorCode.DEADLINE_EXCEEDED, "The request's time was up before the model had answered, and nothing was charged: allow more by "
                        + ServiceRules.TIMEOUT_HEADER + " or the parameter 'timeout', or try again when the queue is shorter.");
            case TensorStoppedException stopped -> new ApiException(ErrorCode.UNAVAILABLE, "The request was ended: " + stopped.getMessage() + ".");
            case ModelException model -> new ApiException(ErrorCode.MODEL_RUN_FAILED, "The model could not run on these inputs: " + model.getMessage());
            case Exception other -> other;
            default -> new IllegalStateException(failure);
        };
    }

    private void complete(Exchange exchange, Work work, List<Tensor> outputs) throws ApiException {
        Order order = work.order();
        Reply answer = answers.make(order, work.request(), outputs);
        if (!order.needsReceipt()) {
            exchange.send(answer);
            return;
        }
        UsageBinding usage = new UsageBinding(work.units(), 0, 0, List.of());
        SignedAnswer signed = receipts.sign(order, List.of(), OutputBinding.ofRaw(answer.body()), usage);
        Reply sealed = answers.seal(order, answer, signed);
        deliveries.commit(order, signed, sealed);
        exchange.send(sealed);
    }
}
