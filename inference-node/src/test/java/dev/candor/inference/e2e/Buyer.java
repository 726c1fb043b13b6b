package dev.candor.inference.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.candor.attestation.digest.Base64Url;
import dev.candor.attestation.receipt.ReceiptVerificationException;
import dev.candor.attestation.receipt.ResponseBytes;
import dev.candor.inference.e2e.KillPlan.Moment;
import dev.candor.inference.e2e.PayingClient.Answer;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Buys one answer after another, and sends the same payment again until it has the answer or knows its receipt. */
final class Buyer implements Runnable {
    private static final Pattern RECEIPT = Pattern.compile("^: candor-receipt ([A-Za-z0-9_-]+)\n", Pattern.MULTILINE);
    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final Duration PATIENCE = Duration.ofMinutes(25);
    private static final int TOKENS = 6;

    private final String name;
    private final boolean streaming;
    private final PayingClient client;
    private final Market market;
    private final ObjectMapper json = new ObjectMapper();

    Buyer(String name, boolean streaming, PayingClient client, Market market) {
        this.name = name;
        this.streaming = streaming;
        this.client = client;
        this.market = market;
    }

    @Override
    public void run() {
        try {
            for (int i = 0; !market.closing(); i++) {
                order("Tell " + name + " about wave " + i).ifPresent(this::complete);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception | AssertionError e) {
            market.fault(name + ": " + e);
        }
    }

    private Optional<Purchase> order(String text) throws Exception {
        JsonNode body = client.chat(text, TOKENS, streaming);
        URI node = market.node();
        try {
            Answer asked = client.post(node, body.toString(), Optional.empty(), piece -> {});
            if (asked.status() != 402) {
                refused(asked);
                return Optional.empty();
            }
            market.saw(Moment.OFFERED);
            Purchase purchase = new Purchase(client.sign(body, asked, Instant.now()));
            market.begun(purchase);
            return Optional.of(purchase);
        } catch (IOException e) {
            Eventually.pass(PAUSE);
            return Optional.empty();
        }
    }

    private void complete(Purchase purchase) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        try {
            while (!attempt(purchase)) {
                if (System.nanoTime() > end) {
                    throw new AssertionError("no end of " + purchase.order().paymentId());
                }
                Eventually.pass(PAUSE);
            }
            market.ended();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ReceiptVerificationException | AssertionError | IOException e) {
            market.fault(name + ": " + e);
        }
    }

    /** Whether the purchase has come to its end. */
    private boolean attempt(Purchase purchase) throws InterruptedException, ReceiptVerificationException, IOException {
        Answer answer;
        try {
            answer = client.send(market.node(), purchase.order(), this::look);
        } catch (IOException e) {
            purchase.lost();
            return false;
        }
        return answer.status() == 200 ? took(purchase, answer) : refused(purchase, answer);
    }

    private void look(String piece) {
        if (streaming) {
            market.saw(Moment.STREAMING);
        }
    }

    private boolean took(Purchase purchase, Answer answer) throws ReceiptVerificationException {
        if (answer.broken().isEmpty() && (!streaming || answer.text().endsWith("data: [DONE]\n\n"))) {
            ResponseBytes parts = streaming ? ResponseBytes.ofStream(answer.bytes()) : ResponseBytes.ofBody(answer.bytes());
            purchase.delivered(parts.receipt().cose());
            return true;
        }
        purchase.lost();
        Matcher receipt = RECEIPT.matcher(answer.text());
        if (receipt.find()) {
            purchase.delivered(Base64Url.decode(receipt.group(1)));
        }
        return false;
    }

    private boolean refused(Purchase purchase, Answer answer) throws IOException {
        if (answer.broken().isPresent()) {
            purchase.lost();
            return false;
        }
        JsonNode error = json.readTree(answer.bytes()).path("error");
        if (answer.status() == 409 && error.path("code").asText().equals("payment_already_used")) {
            purchase.named(error.path("receipt_id").asText());
            if (!answer.headers().firstValue("x-should-retry").equals(Optional.of("false"))) {
                throw new AssertionError("a used payment may be tried again: " + answer.headers().map());
            }
            return true;
        }
        refused(answer);
        return false;
    }

    /** What may pass: the payment is at work, the node is full or cannot see its chain yet. */
    private void refused(Answer answer) {
        boolean passes = answer.status() == 503 || answer.status() == 429 || answer.text().contains("payment_in_use");
        if (!passes && answer.broken().isEmpty()) {
            throw new AssertionError(answer.status() + " " + answer.text());
        }
        Eventually.pass(PAUSE);
    }
}
