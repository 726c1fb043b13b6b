package dev.candor.inference.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.digest.Digest;
import dev.candor.attestation.digest.InvalidJsonException;
import dev.candor.attestation.receipt.EffectiveRequest;
import dev.candor.attestation.receipt.Receipt;
import dev.candor.attestation.receipt.ReceiptId;
import dev.candor.attestation.receipt.SamplingBinding;
import dev.candor.client.verify.BundleCodec;
import dev.candor.client.verify.BundleException;
import dev.candor.client.verify.ReceiptVerifier;
import dev.candor.inference.engine.EngineOverloadedException;
import dev.candor.inference.engine.replay.ReplayVerdict;
import dev.candor.inference.limits.Allowance;
import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.ErrorCode;
import dev.candor.inference.openai.Json;
import dev.candor.inference.openai.ReplayRequest;
import dev.candor.inference.replay.Replay;
import dev.candor.inference.replay.ReplayModel;
import dev.candor.inference.replay.ReplayableReceipt;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/**
 * {@code POST /v1/replay}: computes somebody's answer again beside the node's own work, at low priority, and signs the verdict. What cannot be
 * compared is refused before it is paid. Blocks.
 */
final class ReplayHandler implements Workers.Blocking {
    private static final double NANOS = 1e9;

    private final Json json;
    private final Models models;
    private final Prompts prompts;
    private final PaymentGate gate;
    private final Admission admission;
    private final Jobs jobs;
    private final ReceiptService receipts;
    private final Deliveries deliveries;
    private final ReceiptVerifier verifier;
    private final SecureRandom random;
    private final BundleCodec bundles = new BundleCodec();

    ReplayHandler(
            Json json,
            Models models,
            Prompts prompts,
            PaymentGate gate,
            Admission admission,
            Jobs jobs,
            ReceiptService receipts,
            Deliveries deliveries,
            ReceiptVerifier verifier,
            SecureRandom random) {
        this.json = json;
        this.models = models;
        this.prompts = prompts;
        this.gate = gate;
        this.admission = admission;
        this.jobs = jobs;
        this.receipts = receipts;
        this.deliveries = deliveries;
        this.verifier = verifier;
        this.random = random;
    }

    /** A receipt that can be checked here. */
    private record Work(Order order, Replay replay, Receipt receipt) {
        int promptTokens() {
            return replay.transcripts().stream().mapToInt(transcript -> transcript.prompt().length).sum();
        }

        int answerTokens() {
            return replay.transcripts().stream().mapToInt(transcript -> transcript.answer().length).sum();
        }

        int tokens() {
            return promptTokens() + answerTokens();
        }

        Work paidBy(Passage.Paid paid) {
            return new Work(order.paidBy(paid), replay, receipt);
        }
    }

    @Override
    public void handle(Exchange exchange) throws Exception {
        byte[] body = exchange.body();
        ReplayRequest request = ReplayRequest.parse(body, json);
        ChatModel model = models.find(request.model(), ChatModel.class);
        Optional<String> nonce = jobs.nonce(exchange);
        OptionalLong deadline = jobs.deadline(exchange);
        Work work = prompts.compile(() -> work(exchange.path(), body, request, model, nonce));
        switch (gate.pass(exchange, model.binding().name(), new PaymentGate.Ask("One replay", work.tokens(), 0, 1), work.order().bodyDigest())) {
            case Passage.Answered before -> exchange.send(before.answer());
            case Passage.Free free -> answer(exchange, work, free, deadline);
            case Passage.Paid paid -> answer(exchange, work.paidBy(paid), paid, deadline);
        }
    }

    private Work work(String path, byte[] body, ReplayRequest request, ChatModel model, Optional<String> nonce) throws ApiException {
        ReplayableReceipt saved = saved(request);
        Receipt receipt = saved.receipt().filter(readable -> saved.failures().isEmpty())
                .orElseThrow(() -> refused("The receipt does not hold by itself: " + saved.failures()));
        Replay replay = Replay.of(saved, receipt, new ReplayModel(model.binding(), model.prompts(), model.constraints(), model.engine()));
        if (replay.transcripts().isEmpty()) {
            throw refused("The answer cannot be compared here: " + replay.hindrance());
        }
        Order order = new Order(
                path, Digest.sha256(body), effective(path, body, request, model), model, request.verification(), SamplingBinding.none(),
                nonce, Optional.empty(), ReceiptId.random(random));
        return new Work(order, replay, receipt);
    }

    private ReplayableReceipt saved(ReplayRequest request) throws ApiException {
        try {
            return ReplayableReceipt.of(bundles.read(json.bytes(request.bundle())), verifier);
        } catch (BundleException e) {
            throw refused("The bundle cannot be read: " + e.getMessage());
        }
    }

    private static ApiException refused(String why) {
        return new ApiException(ErrorCode.INVALID_VALUE, why + ".", "bundle");
    }

    private static EffectiveRequest effective(String path, byte[] body, ReplayRequest request, ChatModel model) throws ApiException {
        try {
            return EffectiveRequest.of(path, body, model.binding(), SamplingBinding.none(), request.verification());
        } catch (InvalidJsonException e) {
            throw new ApiException(ErrorCode.INVALID_JSON, "The body has no canonical form (RFC 8785): " + e.getMessage());
        }
    }

    /** @throws Exception the client has not been told; nothing was charged then */
    private void answer(Exchange exchange, Work work, Passage.Granted granted, OptionalLong deadline) throws Exception {
        try (Allowance allowance = granted.allowance();
                Admission.Ticket place = admission.enter(granted.client(), work.replay()::cancel)) {
            exchange.onClientGone(work.replay()::cancel);
            long begin = System.nanoTime();
            ReplayVerdict verdict = work.replay().start(deadline).get();
            deliveries.send(exchange, work.order(), body(work, verdict, (System.nanoTime() - begin) / NANOS), work.tokens());
            allowance.used(work.tokens());
        } catch (Exception | Error failure) {
            work.order().payment().ifPresent(paid -> receipts.release(paid, "the request failed before it was charged"));
            throw told(failure);
        }
    }

    private Exception told(Throwable failure) {
        return switch (failure) {
            case EngineOverloadedException full -> admission.full();
            case ExecutionException e -> ended(e.getCause());
            case Exception other -> other;
            default -> new IllegalStateException(failure);
        };
    }

    private static Exception ended(Throwable cause) {
        return switch (cause) {
            case CancellationException e -> new ApiException(ErrorCode.UNAVAILABLE, "The replay was cancelled before its verdict.");
            case TimeoutException late -> ServiceRules.late("the verdict");
            case EngineOverloadedException starved -> new ApiException(ErrorCode.UNAVAILABLE, "The replay was given up, and nothing was charged: "
                    + starved.getMessage() + ". Try again when the node has less to do, or ask another.").retryAfter(Duration.ofSeconds(60));
            case Exception other -> other;
            default -> new IllegalStateException(cause);
        };
    }

    private static ObjectNode body(Work work, ReplayVerdict verdict, double seconds) {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("object", "list").put("model", work.order().model().binding().name());
        ObjectNode one = body.putArray("data").addObject()
                .put("object", "replay")
                .put("receipt_id", work.receipt().id().value())
                .put("verdict", verdict.word())
                .put("detail", verdict.detail())
                .put("determinism_class", work.receipt().runtime().determinismClass())
                .put("prompt_tokens", work.promptTokens())
                .put("answer_tokens", work.answerTokens())
                .put("seconds", seconds);
        if (verdict instanceof ReplayVerdict.Mismatch mismatch) {
            one.put("choice", mismatch.choice()).put("token", mismatch.token());
        }
        body.putObject("usage").put("prompt_tokens", work.tokens()).put("total_tokens", work.tokens());
        return body;
    }
}
