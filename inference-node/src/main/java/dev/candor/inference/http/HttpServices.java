package dev.candor.inference.http;

import dev.candor.attestation.receipt.ReceiptIssuer;
import dev.candor.attestation.tlog.LogReader;
import dev.candor.client.verify.ChainAnchorLookup;
import dev.candor.client.verify.ReceiptVerifier;
import dev.candor.inference.metrics.NodeMetrics;
import dev.candor.inference.openai.ChatRequestParser;
import dev.candor.inference.openai.CompletionRequestParser;
import dev.candor.inference.openai.Json;
import dev.candor.inference.openai.responses.ResponseRequestParser;
import dev.candor.inference.openai.responses.ResponseStore;
import dev.candor.settlement.facilitator.Facilitator;
import dev.candor.settlement.facilitator.PriceBook;
import dev.candor.settlement.ledger.Ledger;
import dev.candor.settlement.x402.X402Codec;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.function.Supplier;

/**
 * What the HTTP surface stands on.
 *
 * @param attestations folder of key statements with Evidence
 * @param issuer       signs with this run's receipt key
 */
public record HttpServices(
        Models models,
        PriceBook prices,
        Facilitator facilitator,
        Ledger ledger,
        LogReader log,
        AnchorSource anchors,
        Path attestations,
        NodeIdentity identity,
        ReceiptIssuer issuer,
        ClientGuard guard,
        Admission admission,
        AnswerCache answers,
        ResponseStore responses,
        NodeProbe probe,
        ModelControl control,
        OperatorAccess operator,
        NodeMetrics metrics,
        Bounds limits,
        Json json,
        Clock clock,
        SecureRandom random) {
    /**
     * Bounds of the HTTP surface.
     *
     * @param maxBody       bytes of a request body
     * @param maxTensorBody bytes of a request body that holds tensors
     * @param maxBacklog  bytes of an answer that a slow client may leave unread
     * @param maxInFlight requests with a thread at once
     * @param drain       how long answers at work get to end when the server closes, and then again once they are cancelled
     */
    public record Bounds(int maxBody, int maxTensorBody, int maxBacklog, int maxInFlight, Duration drain) {
        /** A streamed answer of 8,192 tokens takes about 3 MB in a saved receipt. */
        private static final int LEAST_REPLAY_BODY = 8 << 20;

        /** Bytes of a request body that holds a saved receipt with its transcript. */
        int maxReplayBody() {
            return Math.max(maxBody, LEAST_REPLAY_BODY);
        }
    }

    /** Replays at work or waiting, of all models together: an engine takes no more of them. */
    private static final int REPLAYS = 16;

    GenerationHandler chatHandler(Prompts prompts, Failures failures) {
        return generationHandler(
                new ChatRoute(
                        new ChatRequestParser(json),
                        models,
                        new ChatJobs(prompts, new Jobs(clock, random)),
                        new Jobs(clock, random),
                        new ChatAnswers(json, new X402Codec(), limits.maxBacklog())),
                failures);
    }

    GenerationHandler responseHandler(Prompts prompts, Failures failures) {
        Jobs jobs = new Jobs(clock, random);
        return generationHandler(
                new ResponsesRoute(
                        new ResponseRequestParser(json),
                        new ChatRequestParser(json),
                        models,
                        new ChatJobs(prompts, jobs),
                        jobs,
                        responses,
                        new ResponseAnswers(json, new X402Codec(), limits.maxBacklog()),
                        json),
                failures);
    }

    GenerationHandler completionHandler(Prompts prompts, Failures failures) {
        return generationHandler(
                new CompletionRoute(
                        new CompletionRequestParser(json),
                        models,
                        prompts,
                        new Jobs(clock, random),
                        new CompletionAnswers(json, new X402Codec(), limits.maxBacklog())),
                failures);
    }

    private GenerationHandler generationHandler(GenerationRoute route, Failures failures) {
        return new GenerationHandler(route, gate(), admission, receipts(), deliveries(), metrics, failures);
    }

    ReplayHandler replayHandler(Prompts prompts) {
        Admission line = admission.part(REPLAYS);
        return new ReplayHandler(
                json,
                models,
                prompts,
                gate(line),
                line,
                new Jobs(clock, random),
                receipts(),
                deliveries(),
                new ReceiptVerifier(clock, new ChainAnchorLookup()),
                random);
    }

    EncoderHandler embeddingHandler(Prompts prompts) {
        return encoderHandler(new EmbeddingRoute(new EncoderModels(models), prompts, json));
    }

    EncoderHandler classifyHandler(Prompts prompts) {
        return encoderHandler(new ClassifyRoute(new EncoderModels(models), prompts, json, ids()));
    }

    EncoderHandler rerankHandler(Prompts prompts) {
        return encoderHandler(new RerankRoute(new EncoderModels(models), prompts, json, ids()));
    }

    TokensHandler tokensHandler(Prompts prompts) {
        return new TokensHandler(models, prompts, guard, responses, json, clock);
    }

    private Supplier<String> ids() {
        return () -> HexFormat.of().toHexDigits(random.nextLong());
    }

    private EncoderHandler encoderHandler(EncoderRoute route) {
        return new EncoderHandler(
                route,
                gate(),
                admission,
                new Jobs(clock, random),
                receipts(),
                deliveries(),
                metrics,
                random);
    }

    InferHandler inferHandler() {
        return new InferHandler(
                models,
                gate(),
                admission,
                new Jobs(clock, random),
                new InferAnswers(new X402Codec()),
                receipts(),
                deliveries(),
                metrics,
                random);
    }

    private PaymentGate gate() {
        return gate(admission);
    }

    private PaymentGate gate(Admission line) {
        return new PaymentGate(guard, line, facilitator, prices, answers, new X402Codec());
    }

    private ReceiptService receipts() {
        return new ReceiptService(identity, issuer, ledger, clock);
    }

    private Deliveries deliveries() {
        return new Deliveries(receipts(), answers, new X402Codec(), json);
    }
}
