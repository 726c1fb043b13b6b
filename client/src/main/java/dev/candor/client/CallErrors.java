package dev.candor.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.candor.client.error.AnswerFormatException;
import dev.candor.client.error.CallCancelledException;
import dev.candor.client.error.CallTimeoutException;
import dev.candor.client.error.CandorException;
import dev.candor.client.error.NodeErrorException;
import dev.candor.client.error.NodeUnreachableException;
import dev.candor.client.error.PaymentRefusedException;
import dev.candor.client.error.ReceiptStoreException;
import dev.candor.client.error.SpendingLimitExceededException;
import dev.candor.client.error.UnverifiedAnswerException;
import dev.candor.client.pay.OpgAmount;
import dev.candor.client.pay.PaymentException;
import dev.candor.client.pay.SpendingLimitException;
import dev.candor.client.sdk.NodeAnswer;
import dev.candor.client.sdk.NodeConnection;
import dev.candor.client.sdk.NodeException;
import dev.candor.client.sdk.RetryAdvice;
import dev.candor.client.verify.BundleException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Turns what went wrong below into the exceptions of the public surface. */
final class CallErrors {
    private static final int MAX_SHOWN = 200;

    private final NodeConnection node;
    private final boolean wallet;
    private final ObjectMapper json = new ObjectMapper();

    /** @param wallet whether there is something to pay with */
    CallErrors(NodeConnection node, boolean wallet) {
        this.node = node;
        this.wallet = wallet;
    }

    /** What may fail in every way that the layers below know. */
    interface Attempt<T> {
        T run() throws NodeException, PaymentException, SpendingLimitException, BundleException, InterruptedException;
    }

    <T> T guard(Attempt<T> attempt) {
        try {
            return attempt.run();
        } catch (NodeException e) {
            throw of(e);
        } catch (PaymentException e) {
            throw new PaymentRefusedException("nothing was paid to " + node.host() + ": " + e.getMessage(), e);
        } catch (SpendingLimitException e) {
            throw new SpendingLimitExceededException(message(e), e);
        } catch (BundleException e) {
            throw new ReceiptStoreException(e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CallCancelledException("the thread was interrupted while it waited for the node", e);
        }
    }

    private CandorException of(NodeException e) {
        return switch (e.kind()) {
            case UNREACHABLE -> new NodeUnreachableException(
                    "there is no connection to the node at " + node.base() + ": " + (e.getCause() == null ? e.getMessage() : e.getCause()), e);
            case TIMED_OUT -> new CallTimeoutException(e.getMessage(), e);
            case CANCELLED -> new CallCancelledException(e.getMessage(), e);
            case UNFIT -> new UnverifiedAnswerException(e.getMessage(), Optional.empty(), Optional.empty(), e);
            case NOT_AN_ANSWER -> new AnswerFormatException(e.getMessage(), e);
        };
    }

    private String message(SpendingLimitException e) {
        String asked = new OpgAmount(e.asked()).toString();
        String allowed = new OpgAmount(e.allowed()).toString();
        return switch (e.limit()) {
            case REQUEST -> "the node asks for up to " + asked + " for this request, the limit is " + allowed
                    + ", so nothing was signed; lower maxTokens or raise the limit by SpendingLimits.withPerRequest";
            case DAY -> "today's payments would come to " + asked + ", the limit is " + allowed
                    + ", so nothing was signed; raise the limit by SpendingLimits.withPerDay or wait for tomorrow (UTC)";
            case HOST -> "today's payments to " + node.host() + " would come to " + asked + ", the limit for one node is " + allowed
                    + ", so nothing was signed; raise the limit by SpendingLimits.withPerHost, ask another node or wait for tomorrow (UTC)";
        };
    }

    CandorException refusal(NodeAnswer answer) {
        JsonNode error = error(answer);
        String message = error.path("message").isTextual() ? error.path("message").textValue() : shown(answer);
        NodeErrorException refused = new NodeErrorException(answer.status(), "the node answered " + answer.status() + ": " + message,
                new NodeErrorException.Details(text(error, "type"), text(error, "code"), text(error, "param"),
                        answer.headers().firstValue("x-request-id"), RetryAdvice.retryAfter(answer)));
        if (answer.status() != 402) {
            return refused;
        }
        return wallet
                ? new PaymentRefusedException("the node did not take the payment that was signed for it, and no second one was signed: " + message, refused)
                : new PaymentRefusedException("the node wants to be paid and this client has no wallet; give it one by wallet(…), or ask a free model", refused);
    }

    private JsonNode error(NodeAnswer answer) {
        try {
            return json.readTree(answer.body()).path("error");
        } catch (IOException e) {
            return MissingNode.getInstance();
        }
    }

    private static Optional<String> text(JsonNode error, String name) {
        return error.path(name).isTextual() ? Optional.of(error.path(name).textValue()) : Optional.empty();
    }

    private static String shown(NodeAnswer answer) {
        String text = new String(answer.body(), StandardCharsets.UTF_8);
        return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "…";
    }
}
