package dev.candor.settlement.facilitator;

import dev.candor.settlement.chain.BlockHeader;
import dev.candor.settlement.chain.ChainClient;
import dev.candor.settlement.chain.ChainException;
import dev.candor.settlement.chain.PayerReader;
import dev.candor.settlement.ledger.Ledger;
import dev.candor.settlement.ledger.Payment;
import dev.candor.settlement.ledger.PaymentState;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Looks again at payments that were settled lately. A reorganisation deeper than the confirmations, or a dev chain that died
 * before its state was on the disk, takes settlements back. One thread uses it.
 */
final class SettledCheck {
    private static final Duration EVERY = Duration.ofSeconds(10);
    private static final Duration SHORT = Duration.ofMinutes(1);
    private static final Duration LONG = Duration.ofHours(1);
    private static final int MAX_LOOKED_AT = 1_000;

    private final Ledger ledger;
    private final ChainClient chain;
    private final PayerReader payers;
    private final Clock clock;
    private Instant last = Instant.MIN;
    private Optional<BlockHeader> head = Optional.empty();

    SettledCheck(Ledger ledger, ChainClient chain, PayerReader payers, Clock clock) {
        this.ledger = ledger;
        this.chain = chain;
        this.payers = payers;
        this.clock = clock;
    }

    /**
     * Payments that the ledger holds for settled and the chain does not. Those of the last minute are looked at, and of the
     * last hour after a start or when the chain's past has changed; nothing is asked more often than every ten seconds.
     */
    List<Payment> lost() throws ChainException {
        Instant now = clock.instant();
        if (now.isBefore(last.plus(EVERY))) {
            return List.of();
        }
        BlockHeader newest = chain.latestBlock();
        Instant since = now.minus(head.isPresent() && isStill(head.get()) ? SHORT : LONG);
        List<Payment> lost = new ArrayList<>();
        for (Payment payment : ledger.recent(PaymentState.SETTLED, since, MAX_LOOKED_AT)) {
            if (payment.transaction().isPresent() && isLost(payment, payment.transaction().get())) {
                lost.add(payment);
            }
        }
        last = now;
        head = Optional.of(newest);
        return lost;
    }

    private boolean isStill(BlockHeader block) throws ChainException {
        return chain.block(block.number()).map(found -> found.hash().equals(block.hash())).orElse(false);
    }

    private boolean isLost(Payment payment, String transaction) throws ChainException {
        return chain.result(transaction).isEmpty() && !payers.nonceUsed(payment.key().payer(), payment.key().nonce());
    }
}
