package dev.candor.inference.e2e;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** When to kill. */
record KillPlan(List<Strike> strikes) {
    private static final int CHAIN_EVERY = 4;

    /** What a client or an onlooker sees before the kill, and how much later the kill comes at most. */
    enum Moment {
        /** The process was started; it does not answer yet. */
        STARTING(2_500),
        /** A client was asked to pay. */
        OFFERED(60),
        /** The first piece of a streamed answer came. */
        STREAMING(120),
        /** The ledger's file was written while answers were at work. */
        COMMITTING(6),
        /** A settlement is under way on the chain. */
        SETTLING(1_500),
        /** The node has just started, and anchors its log. */
        ANCHORING(3_000);

        private final int latestMillis;

        Moment(int latestMillis) {
            this.latestMillis = latestMillis;
        }
    }

    /** What dies with the node. */
    enum Chain {
        LIVES,
        DIES_BEFORE,
        DIES_AFTER
    }

    record Strike(Moment moment, Duration delay, Chain chain) {}

    /** One kill of each kind, of two with the chain: early enough to strike what is under way. */
    static KillPlan each() {
        return new KillPlan(List.of(
                new Strike(Moment.OFFERED, Duration.ofMillis(20), Chain.LIVES),
                new Strike(Moment.STREAMING, Duration.ofMillis(15), Chain.DIES_AFTER),
                new Strike(Moment.STARTING, Duration.ofMillis(1_000), Chain.LIVES),
                new Strike(Moment.COMMITTING, Duration.ofMillis(2), Chain.LIVES),
                new Strike(Moment.SETTLING, Duration.ofMillis(500), Chain.DIES_BEFORE),
                new Strike(Moment.ANCHORING, Duration.ofMillis(1_500), Chain.LIVES)));
    }

    /** Drawn from a seed: each kind of moment equally often, each a little later by chance. */
    static KillPlan draw(long seed, int kills) {
        Random random = new Random(seed);
        List<Strike> strikes = new ArrayList<>();
        for (int i = 0; i < kills; i++) {
            Moment moment = Moment.values()[i % Moment.values().length];
            Chain chain = i % CHAIN_EVERY != 0 ? Chain.LIVES : random.nextBoolean() ? Chain.DIES_BEFORE : Chain.DIES_AFTER;
            strikes.add(new Strike(moment, Duration.ofMillis(random.nextInt(moment.latestMillis)), chain));
        }
        Collections.shuffle(strikes, random);
        return new KillPlan(strikes);
    }
}
