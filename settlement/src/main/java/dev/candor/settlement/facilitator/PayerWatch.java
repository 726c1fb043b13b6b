package dev.candor.settlement.facilitator;

import dev.candor.attestation.crypto.EvmAddress;
import dev.candor.settlement.chain.ChainException;
import dev.candor.settlement.chain.PayerFunds;
import dev.candor.settlement.chain.PayerReader;
import java.math.BigInteger;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What the chain last said of payers. While it answers, every new payment is looked up, since a payer can use up a nonce at
 * any time; while it does not, the last reading serves for ten minutes, and the chain is asked again in the background, so
 * that a dead chain delays no answer. Memory, parallel look-ups and waiting are bounded. Thread-safe.
 */
final class PayerWatch {
    /** The oldest reading of balance and allowance that a payment is taken on. */
    static final Duration MAX_AGE = Duration.ofMinutes(10);

    private static final System.Logger LOG = System.getLogger(PayerWatch.class.getName());
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);
    private static final int MAX_PAYERS = 10_000;
    private static final int MAX_LOOKUPS = 32;

    private final PayerReader reader;
    private final EvmAddress self;
    private final Clock clock;
    private final Duration patience;
    private final Semaphore lookups = new Semaphore(MAX_LOOKUPS);
    private final ConcurrentMap<Question, CompletableFuture<PayerStatus>> running = new ConcurrentHashMap<>();
    private final Map<EvmAddress, PayerFunds> known = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<EvmAddress, PayerFunds> eldest) {
            return size() > MAX_PAYERS;
        }
    };
    private Instant lastAnswer = Instant.MIN;
    private Instant lastFailure = Instant.MIN;
    private Instant firstFailure = Instant.MIN;

    /**
     * @param self     an account to ask about when only the chain's presence is in question
     * @param patience how long a payment waits for the chain
     */
    PayerWatch(PayerReader reader, EvmAddress self, Clock clock, Duration patience) {
        this.reader = reader;
        this.self = self;
        this.clock = clock;
        this.patience = patience;
    }

    /** What is known of a payer and one of its nonces; empty if nothing young enough is, because the chain does not answer. */
    Optional<PayerStatus> status(EvmAddress payer, BigInteger nonce) {
        Optional<PayerStatus> remembered = remembered(payer).map(funds -> new PayerStatus(funds, false));
        boolean failing = isFailing();
        boolean justFailed = justFailed();
        CompletableFuture<PayerStatus> answer = ask(new Question(payer, nonce));
        if (justFailed || failing && remembered.isPresent()) {
            return remembered;
        }
        return await(answer).or(() -> remembered);
    }

    /** Whether the chain answered within {@link #MAX_AGE}, or does so now. */
    boolean chainAnswers() {
        if (age(lastAnswer()).compareTo(MAX_AGE) <= 0) {
            return true;
        }
        boolean justFailed = justFailed();
        CompletableFuture<PayerStatus> answer = ask(new Question(self, BigInteger.ZERO));
        return !justFailed && await(answer).isPresent();
    }

    /** Whether the chain was asked for all of {@link #MAX_AGE} and never answered. */
    synchronized boolean longSilent() {
        return !firstFailure.equals(Instant.MIN) && age(firstFailure).compareTo(MAX_AGE) >= 0;
    }

    /** Asks the chain, or joins the same question under way; a question too many fails at once. */
    private CompletableFuture<PayerStatus> ask(Question question) {
        CompletableFuture<PayerStatus> mine = new CompletableFuture<>();
        CompletableFuture<PayerStatus> earlier = running.putIfAbsent(question, mine);
        if (earlier != null) {
            return earlier;
        }
        if (!lookups.tryAcquire()) {
            running.remove(question, mine);
            mine.completeExceptionally(new IllegalStateException("too many look-ups under way"));
            return mine;
        }
        Thread.ofVirtual().name("payer-watch").start(() -> answer(question, mine));
        return mine;
    }

    /** The question is off the list before its answer is known, so that nobody who asks later joins an answer from before. */
    private void answer(Question question, CompletableFuture<PayerStatus> mine) {
        PayerStatus status = null;
        Exception failure = null;
        try {
            status = lookUp(question);
        } catch (ChainException | RuntimeException e) {
            failed(e);
            failure = e;
        } finally {
            running.remove(question, mine);
            lookups.release();
        }
        if (failure == null) {
            mine.complete(status);
        } else {
            mine.completeExceptionally(failure);
        }
    }

    private PayerStatus lookUp(Question question) throws ChainException {
        PayerFunds funds = reader.funds(question.payer());
        boolean used = reader.nonceUsed(question.payer(), question.nonce());
        synchronized (this) {
            known.merge(question.payer(), funds, (old, read) -> old.readAt().isAfter(read.readAt()) ? old : read);
            lastAnswer = clock.instant();
            lastFailure = Instant.MIN;
            firstFailure = Instant.MIN;
        }
        return new PayerStatus(funds, used);
    }

    private Optional<PayerStatus> await(CompletableFuture<PayerStatus> answer) {
        try {
            return Optional.of(answer.get(patience.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            failed(e);
            return Optional.empty();
        } catch (ExecutionException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private synchronized void failed(Exception why) {
        if (lastFailure.equals(Instant.MIN)) {
            LOG.log(System.Logger.Level.WARNING, "the chain does not say what payers own, the last readings serve: {0}", why.toString());
            firstFailure = clock.instant();
        }
        lastFailure = clock.instant();
    }

    private synchronized boolean isFailing() {
        return !lastFailure.equals(Instant.MIN);
    }

    private synchronized boolean justFailed() {
        return age(lastFailure).compareTo(RETRY_AFTER) < 0;
    }

    private synchronized Instant lastAnswer() {
        return lastAnswer;
    }

    private synchronized Optional<PayerFunds> remembered(EvmAddress payer) {
        return Optional.ofNullable(known.get(payer)).filter(funds -> age(funds.readAt()).compareTo(MAX_AGE) <= 0);
    }

    private Duration age(Instant then) {
        return then.equals(Instant.MIN) ? Duration.ofSeconds(Long.MAX_VALUE) : Duration.between(then, clock.instant());
    }

    private record Question(EvmAddress payer, BigInteger nonce) {}
}
