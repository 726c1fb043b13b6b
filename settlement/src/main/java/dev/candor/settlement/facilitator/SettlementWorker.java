package dev.candor.settlement.facilitator;

import dev.candor.settlement.chain.ChainException;
import dev.candor.settlement.chain.ChainClient;
import dev.candor.settlement.chain.ChainRounds;
import dev.candor.settlement.chain.ChainRpcException;
import dev.candor.settlement.chain.ContractAddresses;
import dev.candor.settlement.chain.Outbox;
import dev.candor.settlement.chain.OutboxEntry;
import dev.candor.settlement.chain.OutboxFullException;
import dev.candor.settlement.chain.OutboxState;
import dev.candor.settlement.chain.PayerReader;
import dev.candor.settlement.ledger.Ledger;
import dev.candor.settlement.ledger.Payment;
import dev.candor.settlement.ledger.PaymentState;
import dev.candor.settlement.ledger.SqlDatabase;
import dev.candor.settlement.scheme.SchemeException;
import dev.candor.settlement.scheme.UptoAuthorization;
import dev.candor.settlement.scheme.UptoPermit2Scheme;
import dev.candor.settlement.x402.X402Codec;
import dev.candor.settlement.x402.X402FormatException;
import java.lang.System.Logger;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Settles charged payments on the chain, oldest deadline first. All it knows is in the ledger and the outbox, under a key
 * made of the payment's id, so it can be killed at any point and goes on where it was.
 */
public final class SettlementWorker implements AutoCloseable {
    private static final Logger LOG = System.getLogger(SettlementWorker.class.getName());
    private static final Duration POLL = Duration.ofSeconds(1);
    /** The chain's clock may be behind ours. */
    private static final Duration DEADLINE_SLACK = Duration.ofSeconds(60);
    private static final Duration FIRST_RETRY = Duration.ofSeconds(15);
    private static final Duration LAST_RETRY = Duration.ofMinutes(10);
    private static final int MAX_SETTLING = 64;
    private static final int MAX_LOOKED_AT = 1_000;

    private final Ledger ledger;
    private final Outbox outbox;
    private final UptoPermit2Scheme scheme;
    private final ChainClient chain;
    private final SettlementJudge judge;
    private final SettledCheck settledCheck;
    private final Clock clock;
    private final X402Codec codec = new X402Codec();
    private final Map<String, Retry> retries = new HashMap<>();
    private final ChainRounds rounds = new ChainRounds("settlements", () -> {
        round();
        takeBack();
    });

    public SettlementWorker(
            Ledger ledger,
            Outbox outbox,
            ChainClient chain,
            UptoPermit2Scheme scheme,
            ContractAddresses addresses,
            PayerReader payers,
            Clock clock) {
        this.ledger = ledger;
        this.outbox = outbox;
        this.scheme = scheme;
        this.chain = chain;
        this.judge = new SettlementJudge(chain, addresses, payers);
        this.settledCheck = new SettledCheck(ledger, chain, payers, clock);
        this.clock = clock;
    }

    /** Begins to settle, what an earlier run left first. */
    public void start() {
        start(POLL);
    }

    /** @param poll the rest between two looks */
    void start(Duration poll) {
        rounds.start(poll);
    }

    private record Retry(int attempt, Instant notBefore) {}

    /** Looks once at every payment that is due. */
    void round() throws ChainException {
        List<Payment> settling = ledger.due(PaymentState.SETTLING, MAX_LOOKED_AT);
        for (Payment payment : settling) {
            try {
                follow(payment);
            } catch (ChainRpcException e) {
                // What the chain refuses to say of one payment must not hold up the others.
                LOG.log(Logger.Level.WARNING, "payment {0} is looked at again later: {1}", payment.key().id(), e.getMessage());
            }
        }
        settleCharged(false);
    }

    private void settleCharged(boolean chainAnswers) throws ChainException {
        int room = MAX_SETTLING - ledger.due(PaymentState.SETTLING, MAX_SETTLING).size();
        for (Payment payment : ledger.due(PaymentState.CHARGED, MAX_LOOKED_AT + retries.size())) {
            if (room == 0) {
                return;
            }
            if (payment.charged().signum() == 0) {
                move(payment, PaymentState.SETTLED, Optional.empty(), Optional.of("nothing was charged"));
            } else if (isOver(payment) && outbox.find(key(payment)).isEmpty()) {
                // One that the outbox has may be on the chain already: a crash can come between the outbox and the ledger.
                writeOff(payment, "the payer's authorization lapsed before it was settled", Optional.empty());
            } else if (isDue(payment)) {
                if (!chainAnswers) {
                    // While the chain is down payments stay here, where the oldest deadline goes first, not in the outbox's order.
                    chain.blockNumber();
                    // Its answer may have taken long: what was charged meanwhile may have to go before this one.
                    settleCharged(true);
                    return;
                }
                room = submit(payment) ? room - 1 : 0;
            }
        }
    }

    /** What the chain took back is due again; should its transaction return after all, Permit2's nonce keeps it to one. */
    private void takeBack() throws ChainException {
        for (Payment payment : settledCheck.lost()) {
            LOG.log(Logger.Level.WARNING, "the chain has lost {0}, which settled payment {1}; it is settled again",
                    payment.transaction().orElseThrow(), payment.key().id());
            move(payment, PaymentState.CHARGED, Optional.empty(), Optional.of("the chain took its settlement back"));
        }
    }

    /** False if no more can be taken now. */
    private boolean submit(Payment payment) {
        UptoAuthorization signed;
        byte[] call;
        try {
            signed = authorization(payment);
            call = scheme.settleCalldata(signed, payment.charged());
        } catch (X402FormatException | SchemeException | IllegalArgumentException e) {
            writeOff(payment, "the kept authorization cannot be settled: " + e.getMessage(), Optional.empty());
            return true;
        }
        try {
            outbox.submit(key(payment), signed.spender(), "0x" + HexFormat.of().formatHex(call));
        } catch (OutboxFullException e) {
            LOG.log(Logger.Level.WARNING, e.getMessage());
            return false;
        }
        move(payment, PaymentState.SETTLING, Optional.empty(), Optional.empty());
        return true;
    }

    private void follow(Payment payment) throws ChainException {
        Optional<OutboxEntry> entry = outbox.find(key(payment));
        if (entry.isEmpty()) {
            move(payment, PaymentState.CHARGED, Optional.empty(), Optional.of("the outbox does not know it"));
            return;
        }
        if (entry.get().state() == OutboxState.QUEUED && isOver(payment) && outbox.withdraw(entry.get().key())) {
            writeOff(payment, "the payer's authorization lapsed before it was settled", Optional.empty());
            return;
        }
        UptoAuthorization signed;
        try {
            signed = authorization(payment);
        } catch (X402FormatException | SchemeException e) {
            outbox.withdraw(entry.get().key());
            writeOff(payment, "the kept authorization is unreadable: " + e.getMessage(), Optional.empty());
            return;
        }
        byte[] call = scheme.settleCalldata(signed, payment.charged());
        switch (judge.judge(payment, signed, call, entry.get())) {
            case SettlementVerdict.Pending pending -> { }
            case SettlementVerdict.Settled settled ->
                move(payment, PaymentState.SETTLED, Optional.of(settled.transaction()), Optional.empty());
            case SettlementVerdict.TryAgain again -> tryAgain(payment, again.reason());
            case SettlementVerdict.Hopeless hopeless -> writeOff(payment, hopeless.reason(), hopeless.transaction());
        }
    }

    private void tryAgain(Payment payment, String reason) {
        int attempt = attempt(payment);
        Duration wait = FIRST_RETRY.multipliedBy(1L << Math.min(attempt, 10));
        Instant next = clock.instant().plus(wait.compareTo(LAST_RETRY) < 0 ? wait : LAST_RETRY);
        retries.put(payment.key().id(), new Retry(attempt + 1, next));
        move(payment, PaymentState.CHARGED, Optional.empty(), Optional.of("will be tried again: " + reason));
    }

    private void writeOff(Payment payment, String why, Optional<String> transaction) {
        LOG.log(Logger.Level.WARNING, "payment {0} of {1} is written off: {2}", payment.key().id(), payment.charged().toString(), why);
        move(payment, PaymentState.WRITTEN_OFF, transaction, Optional.of(why));
    }

    private void move(Payment payment, PaymentState to, Optional<String> transaction, Optional<String> detail) {
        SqlDatabase.await(ledger.transition(payment.key(), payment.state(), to, transaction, detail));
        if (to == PaymentState.SETTLED || to == PaymentState.WRITTEN_OFF) {
            retries.remove(payment.key().id());
        }
    }

    private UptoAuthorization authorization(Payment payment) throws X402FormatException, SchemeException {
        return scheme.parse(codec.payloadFromJson(payment.payloadJson()).payload());
    }

    private boolean isOver(Payment payment) {
        return clock.instant().isAfter(payment.deadline().plus(DEADLINE_SLACK));
    }

    private boolean isDue(Payment payment) {
        Retry retry = retries.get(payment.key().id());
        return retry == null || !clock.instant().isBefore(retry.notBefore());
    }

    /** After a restart, the last attempt that the outbox knows. */
    private int attempt(Payment payment) {
        Retry retry = retries.get(payment.key().id());
        if (retry != null) {
            return retry.attempt();
        }
        int last = 0;
        while (outbox.find(key(payment, last + 1)).isPresent()) {
            last++;
        }
        return last;
    }

    private String key(Payment payment) {
        return key(payment, attempt(payment));
    }

    private static String key(Payment payment, int attempt) {
        return "settle:" + payment.key().id() + ":" + attempt;
    }

    @Override
    public void close() {
        rounds.close();
    }
}
