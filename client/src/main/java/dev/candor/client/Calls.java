package dev.candor.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.client.api.AnswerReceipt;
import dev.candor.client.api.InferenceMode;
import dev.candor.client.error.AnswerFormatException;
import dev.candor.client.error.UnverifiedAnswerException;
import dev.candor.client.sdk.AnswerSink;
import dev.candor.client.sdk.CallControl;
import dev.candor.client.sdk.ExchangeOutcome;
import dev.candor.client.sdk.ExchangeRequest;
import dev.candor.client.sdk.NodeAnswer;
import dev.candor.client.sdk.VerifyingExchange;
import dev.candor.client.verify.ReceiptBundle;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Makes requests and gives only answers that verified, or of which nobody asked that they do. */
final class Calls {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int NONCE_BYTES = 16;

    private final VerifyingExchange exchange;
    private final ProofWait proofs;
    private final CallErrors errors;
    private final InferenceMode mode;
    private final SecureRandom random;

    Calls(VerifyingExchange exchange, ProofWait proofs, CallErrors errors, InferenceMode mode, SecureRandom random) {
        this.exchange = exchange;
        this.proofs = proofs;
        this.errors = errors;
        this.mode = mode;
        this.random = random;
    }

    /**
     * An answer that may be used.
     *
     * @param stream the body is Server-Sent Events
     */
    record Given(byte[] body, boolean stream, Optional<AnswerReceipt> proof) {
        JsonNode json() {
            try {
                return JSON.readTree(body);
            } catch (IOException e) {
                throw new AnswerFormatException("the node's answer is not JSON: " + e.getMessage(), e);
            }
        }
    }

    /** What is asked for in the end. */
    InferenceMode mode(Optional<InferenceMode> ofRequest) {
        return ofRequest.orElse(mode);
    }

    Given post(String path, ObjectNode body, Optional<InferenceMode> ofRequest, AnswerSink sink, CallControl control) {
        InferenceMode asked = mode(ofRequest);
        byte[] bytes = body.put("verification", asked.wire()).toString().getBytes(StandardCharsets.UTF_8);
        ExchangeRequest request = new ExchangeRequest(path, bytes, Map.of("Candor-Nonce", nonce()), control);
        ExchangeOutcome outcome = errors.guard(() -> exchange.post(request, sink));
        return switch (outcome) {
            case ExchangeOutcome.Answered answered -> verified(answered, asked);
            case ExchangeOutcome.Unproven unproven when asked == InferenceMode.NONE ->
                new Given(unproven.answer().body(), isStream(unproven.answer()), Optional.empty());
            case ExchangeOutcome.Unproven unproven -> throw new UnverifiedAnswerException(
                    "nothing about the node's answer is proven, so it is withheld: " + unproven.reason(), Optional.empty(), Optional.empty(), null);
            case ExchangeOutcome.Refused refused -> throw errors.refusal(refused.answer());
        };
    }

    /** Makes each answer one to this very call: an old answer to the same question does not verify. */
    private String nonce() {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        return HexFormat.of().formatHex(nonce);
    }

    private static Given verified(ExchangeOutcome.Answered answered, InferenceMode asked) {
        ReceiptBundle bundle = answered.bundle();
        if (!answered.report().verified()) {
            throw new UnverifiedAnswerException("the node's answer is withheld, because its receipt does not verify: " + answered.report().summary(),
                    Optional.of(answered.report()), Optional.of(bundle), null);
        }
        String given = answered.receipt().verification().wire();
        if (!given.equals(asked.wire()) && asked != InferenceMode.NONE) {
            throw new UnverifiedAnswerException("the answer was asked for with verification " + asked.wire() + ", its receipt says " + given,
                    Optional.of(answered.report()), Optional.of(bundle), null);
        }
        ReceiptBundle.Exchange exchange = bundle.exchange().orElseThrow();
        return new Given(exchange.response(), exchange.format().equals("sse"), Optional.of(new AnswerReceipt(answered.receipt(), answered.report(), bundle)));
    }

    private static boolean isStream(NodeAnswer answer) {
        return answer.headers().firstValue("content-type").orElse("").startsWith("text/event-stream");
    }

    /** Reads the answer, and then waits for what the settlement mode wants. */
    <A> A settle(Given given, Function<Optional<AnswerReceipt>, A> read, CallControl control) {
        A answer = read.apply(given.proof());
        if (given.proof().isEmpty() || !proofs.waits()) {
            return answer;
        }
        return read.apply(Optional.of(errors.guard(() -> proofs.await(given.proof().get(), control))));
    }
}
