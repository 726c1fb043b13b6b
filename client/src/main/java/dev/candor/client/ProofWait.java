package dev.candor.client;

import com.fasterxml.jackson.databind.JsonNode;
import dev.candor.attestation.receipt.PaymentBinding;
import dev.candor.client.api.AnswerReceipt;
import dev.candor.client.api.SettlementMode;
import dev.candor.client.error.ProofOverdueException;
import dev.candor.client.error.UnverifiedAnswerException;
import dev.candor.client.sdk.CallControl;
import dev.candor.client.sdk.NodeConnection;
import dev.candor.client.sdk.NodeException;
import dev.candor.client.sdk.VerifyingExchange;
import dev.candor.client.verify.BundleException;
import dev.candor.client.verify.CheckName;
import dev.candor.client.verify.CheckResult;
import dev.candor.client.verify.VerificationReport;
import dev.candor.settlement.ledger.PaymentKey;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** Waits for what comes after an answer: log proof, anchor, settlement. Thread-safe. */
final class ProofWait {
    private static final Duration FIRST_WAIT = Duration.ofMillis(200);
    private static final Duration MAX_WAIT = Duration.ofSeconds(5);
    private static final String EVM = "eip155:";

    private final VerifyingExchange exchange;
    private final NodeConnection node;
    private final SettlementMode mode;
    private final Duration limit;

    /** @param limit for the wait alone */
    ProofWait(VerifyingExchange exchange, NodeConnection node, SettlementMode mode, Duration limit) {
        this.exchange = exchange;
        this.node = node;
        this.mode = mode;
        this.limit = limit;
    }

    boolean waits() {
        return mode != SettlementMode.ON_ANSWER;
    }

    /** @param call ends the wait when its caller cancels; its time was for the answer */
    AnswerReceipt await(AnswerReceipt receipt, CallControl call) throws NodeException, BundleException, InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        AnswerReceipt now = receipt;
        for (Duration wait = FIRST_WAIT; ; wait = longer(wait)) {
            Optional<String> missing = Optional.of("the node could not be asked");
            try {
                VerifyingExchange.Checked checked = exchange.recheck(now.bundle(), mode != SettlementMode.ON_CHAIN);
                now = new AnswerReceipt(now.signed(), checked.report(), checked.bundle());
                requireVerified(now);
                missing = missing(now);
            } catch (NodeException e) {
                missing = Optional.of(e.getMessage());
            }
            if (missing.isEmpty()) {
                return now;
            }
            if (System.nanoTime() + wait.toNanos() > end) {
                throw new ProofOverdueException("the answer verified, but within " + limit.toSeconds() + " s there was no settlement " + mode + ": "
                        + missing.get() + ". The answer is in the exception and in the receipt store", now.bundle());
            }
            call.sleepUncounted(wait);
        }
    }

    private static Duration longer(Duration wait) {
        Duration doubled = wait.multipliedBy(2);
        return doubled.compareTo(MAX_WAIT) > 0 ? MAX_WAIT : doubled;
    }

    private static void requireVerified(AnswerReceipt now) {
        if (!now.report().verified()) {
            throw new UnverifiedAnswerException("what the node gave after the answer does not verify: " + now.report().summary(),
                    Optional.of(now.report()), Optional.of(now.bundle()), null);
        }
    }

    private Optional<String> missing(AnswerReceipt now) throws NodeException, InterruptedException {
        Set<CheckName> wanted = mode == SettlementMode.ON_LOG
                ? EnumSet.of(CheckName.INCLUSION_PROOF, CheckName.CHECKPOINT_SIGNATURE)
                : EnumSet.of(CheckName.INCLUSION_PROOF, CheckName.CHECKPOINT_SIGNATURE, CheckName.ON_CHAIN_ANCHOR);
        Optional<String> unproven = unproven(now.report(), wanted);
        return unproven.isPresent() || mode == SettlementMode.ON_LOG ? unproven : unsettled(now);
    }

    private static Optional<String> unproven(VerificationReport report, Set<CheckName> wanted) {
        return report.checks().stream()
                .filter(check -> wanted.contains(check.name()) && check.result() != CheckResult.OK)
                .map(check -> check.name().label() + " " + check.detail())
                .findFirst();
    }

    /** The node's word for it: that it took the money is to its own cost. */
    private Optional<String> unsettled(AnswerReceipt now) throws NodeException, InterruptedException {
        if (now.signed().payment().isEmpty()) {
            return Optional.empty();
        }
        PaymentBinding payment = now.signed().payment().get();
        long chain = Long.parseLong(payment.network().substring(EVM.length()));
        String id = new PaymentKey(chain, payment.payer(), payment.nonce()).id();
        JsonNode state = node.get("x402/payments/" + id).orElseThrow(() -> new NodeException("the node knows nothing of the payment " + id));
        String word = state.path("state").asText();
        return word.equals("settled") ? Optional.empty() : Optional.of("the payment " + id + " is " + word);
    }
}
