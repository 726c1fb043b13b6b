package dev.candor.inference.engine.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candor.inference.engine.EngineInfo;
import dev.candor.inference.engine.EngineOverloadedException;
import dev.candor.inference.engine.ModelException;
import dev.candor.inference.limits.ClientShare;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BatchingEncoderTest {
    private static final int BUDGET = 64;
    private static final int POISON = 99;
    private static final int NAN = 98;
    private static final int DEADLY = 97;

    private final Runner runner = new Runner();
    private BatchingEncoder engine = BatchingEncoder.start(runner, new EncoderOptions(1000, Duration.ofSeconds(60)));

    /** Gives each sequence its tokens back; waits for a permit before each run. */
    private static final class Runner implements EncoderRunner {
        private final List<List<Integer>> runs = new CopyOnWriteArrayList<>();
        private final Semaphore begun = new Semaphore(0);
        private final Semaphore permits = new Semaphore(0);
        private final Semaphore rests = new Semaphore(0);
        private volatile boolean closed;

        @Override
        public void rest() {
            rests.release();
        }

        @Override
        public EngineInfo info() {
            return new EngineInfo("0", "cpu", "fp32", "none", 32, 1);
        }

        @Override
        public int vocabSize() {
            return 100;
        }

        @Override
        public int maxRunTokens() {
            return BUDGET;
        }

        @Override
        public List<float[]> run(List<EncoderInput> batch) throws ModelException {
            runs.add(batch.stream().map(EncoderInput::length).toList());
            begun.release();
            permits.acquireUninterruptibly();
            List<float[]> out = new ArrayList<>();
            for (EncoderInput input : batch) {
                if (input.tokens()[0] == POISON) {
                    throw new ModelException("poisoned");
                }
                if (input.tokens()[0] == DEADLY) {
                    throw new StackOverflowError("deadly");
                }
                out.add(new float[] {input.tokens()[0] == NAN ? Float.NaN : input.tokens()[0], input.length()});
            }
            return out;
        }

        @Override
        public void close() {
            closed = true;
        }

        void letAll() {
            permits.release(1_000_000);
        }

        void awaitRun() throws InterruptedException {
            assertThat(begun.tryAcquire(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void restsOnceWhenNothingHasComeForLongAndWorksOn() throws Exception {
        runner.letAll();
        engine.close();
        engine = BatchingEncoder.start(runner, new EncoderOptions(1000, Duration.ofSeconds(60), Duration.ofMillis(20)));
        for (int i = 0; i < 3; i++) {
            assertThat(engine.submit(List.of(EncoderInput.of(new int[] {7})), "a", OptionalLong.empty()).await()).hasSize(1);
            assertThat(runner.rests.tryAcquire(60, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(runner.rests.tryAcquire(200, TimeUnit.MILLISECONDS)).as("a rest is enough until there is work again").isFalse();
    }

    @AfterEach
    void stop() {
        runner.letAll();
        engine.close();
        assertThat(runner.closed).isTrue();
    }

    @Test
    void startsAtOnceAndTakesTogetherWhatComesMeanwhileSortedByLength() throws Exception {
        Encoding first = engine.submit(List.of(input(1, 8)), "a");
        runner.awaitRun();
        Encoding second = engine.submit(List.of(input(2, 4), input(3, 9)), "b");
        Encoding third = engine.submit(List.of(input(4, 9)), "c");
        runner.letAll();

        assertThat(first.await().getFirst()).containsExactly(1, 8);
        assertThat(second.await().get(0)).containsExactly(2, 4);
        assertThat(second.await().get(1)).containsExactly(3, 9);
        assertThat(third.await().getFirst()).containsExactly(4, 9);
        assertThat(runner.runs).containsExactly(List.of(8), List.of(9, 9, 4));
    }

    @Test
    void aClientMayHaveItsShareOfWhatWaitsAndOthersFindRoom() throws Exception {
        BatchingEncoder small = BatchingEncoder.start(runner, new EncoderOptions(100, Duration.ofSeconds(60)).withShare(ClientShare.HALF));
        try {
            Encoding atWork = small.submit(List.of(input(1, 8)), "a");
            runner.awaitRun();
            List<EncoderInput> quarter = List.of(input(2, 25));
            Encoding first = small.submit(quarter, "greedy");
            Encoding second = small.submit(quarter, "greedy");
            assertThatThrownBy(() -> small.submit(quarter, "greedy")).isInstanceOf(EngineOverloadedException.class).hasMessageContaining("share");
            Encoding other = small.submit(Collections.nCopies(3, input(3, 16)), "other");
            runner.letAll();

            assertThat(atWork.await()).hasSize(1);
            assertThat(first.await()).hasSize(1);
            assertThat(second.await()).hasSize(1);
            assertThat(other.await()).hasSize(3);
            Encoding again = small.submit(Collections.nCopies(4, input(2, 25)), "greedy");
            assertThat(again.await()).as("what it had is no longer counted").hasSize(4);
        } finally {
            runner.letAll();
            small.close();
        }
    }

    @Test
    void whoIsLateOrCancelledLeavesItsPlaceToOthersAtOnceAndIsNotRunFurther() throws Exception {
        BatchingEncoder small = BatchingEncoder.start(runner, new EncoderOptions(100, Duration.ofSeconds(60)));
        try {
            Encoding atWork = small.submit(List.of(input(1, 8)), "a");
            runner.awaitRun();
            List<EncoderInput> many = Collections.nCopies(10, input(2, 9));
            Encoding late = small.submit(many, "b", OptionalLong.of(System.nanoTime() + 1_000_000));
            assertThatThrownBy(late::await).isInstanceOf(TimeoutException.class);
            Encoding gone = small.submit(many, "b");
            gone.cancel();
            assertThat(small.stats().waiting()).isZero();
            Encoding stays = small.submit(many, "c", OptionalLong.of(System.nanoTime() + Duration.ofMinutes(5).toNanos()));
            assertThatThrownBy(() -> small.submit(many, "d")).isInstanceOf(EngineOverloadedException.class);
            runner.letAll();

            assertThat(atWork.await()).hasSize(1);
            assertThat(stays.await()).hasSize(10);
            assertThat(runner.runs.stream().mapToInt(List::size).sum()).isEqualTo(11);
        } finally {
            runner.letAll();
            small.close();
        }
    }

    @Test
    void aDeadlineThatPassesBetweenTwoBatchesEndsWhatIsLeft() throws Exception {
        List<EncoderInput> many = Collections.nCopies(40, input(2, 16));
        Encoding work = engine.submit(many, "a", OptionalLong.of(System.nanoTime() + 1_000_000));
        assertThatThrownBy(work::await).isInstanceOf(TimeoutException.class);
        runner.letAll();
        Encoding next = engine.submit(List.of(input(3, 8)), "b");

        assertThat(next.await()).hasSize(1);
        assertThat(runner.runs.stream().mapToInt(List::size).sum()).isLessThanOrEqualTo(1 + 4);
    }

    @Test
    void givesAClientWithOneTextItsTurnBeforeAnotherWithHundredsIsDone() throws Exception {
        List<EncoderInput> many = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            many.add(input(5, 16));
        }
        Encoding big = engine.submit(many, "greedy");
        runner.awaitRun();
        Encoding small = engine.submit(List.of(input(6, 16)), "modest");
        runner.permits.release(2);
        runner.awaitRun();
        runner.awaitRun();

        assertThat(small.await().getFirst()).containsExactly(6, 16);
        assertThat(runner.runs.get(1)).hasSize(4);
        runner.letAll();
        assertThat(big.await()).hasSize(60);
    }

    @Test
    void sharesOutTokensAmongClientsAndTurnsAmongTheRequestsOfOne() {
        FairLine line = new FairLine();
        EncoderWork longOnes = new EncoderWork(List.of(input(1, 20), input(1, 20), input(1, 20)), "long", OptionalLong.empty());
        EncoderWork shortOnes = new EncoderWork(List.of(input(2, 10), input(2, 10), input(2, 10), input(2, 10)), "short", OptionalLong.empty());
        EncoderWork alsoShort = new EncoderWork(List.of(input(3, 10), input(3, 10)), "short", OptionalLong.empty());
        List.of(longOnes, shortOnes, alsoShort).forEach(line::add);

        List<Integer> firsts = line.take(80).stream().map(item -> item.input().tokens()[0]).toList();

        assertThat(firsts).hasSize(6).filteredOn(token -> token == 1).hasSize(2);
        assertThat(firsts.stream().filter(token -> token == 3)).hasSize(2);
        assertThat(line.take(80)).hasSize(3);
        assertThat(line.isEmpty()).isTrue();
        assertThat(line.tokens()).isZero();
    }

    @Test
    void neverRunsMoreThanTheBudgetAndFillsLittle() {
        Random random = new Random(5);
        for (int round = 0; round < 200; round++) {
            FairLine line = new FairLine();
            List<EncoderInput> inputs = new ArrayList<>();
            for (int i = 0; i < 1 + random.nextInt(40); i++) {
                inputs.add(input(1, 1 + random.nextInt(32)));
            }
            line.add(new EncoderWork(inputs, "a", OptionalLong.empty()));
            int seen = 0;
            while (!line.isEmpty()) {
                for (List<EncoderWork.Item> run : new RunPlan(BUDGET).split(line.take(BUDGET))) {
                    int longest = run.stream().mapToInt(EncoderWork.Item::length).max().orElseThrow();
                    int real = run.stream().mapToInt(EncoderWork.Item::length).sum();
                    assertThat(longest * run.size()).isLessThanOrEqualTo(BUDGET);
                    assertThat(longest * run.size() - real).isLessThanOrEqualTo(16 + longest * run.size() / 8);
                    seen += run.size();
                }
            }
            assertThat(seen).isEqualTo(inputs.size());
        }
    }

    @Test
    void dropsWhatIsCancelledBeforeItIsAtWork() throws Exception {
        Encoding first = engine.submit(List.of(input(1, 8)), "a");
        runner.awaitRun();
        Encoding gone = engine.submit(List.of(input(2, 8), input(2, 8)), "b");
        Encoding stays = engine.submit(List.of(input(3, 8)), "c");
        gone.cancel();
        gone.cancel();
        runner.letAll();

        assertThat(stays.await().getFirst()).containsExactly(3, 8);
        assertThatThrownBy(gone::await).isInstanceOf(CancellationException.class);
        assertThat(first.await()).hasSize(1);
        assertThat(runner.runs).containsExactly(List.of(8), List.of(8));
        assertThat(engine.stats().waiting()).isZero();
    }

    @Test
    void aSequenceThatTheModelFailsOnDisturbsNobodyElse() throws Exception {
        Encoding first = engine.submit(List.of(input(1, 8)), "a");
        runner.awaitRun();
        Encoding poisoned = engine.submit(List.of(input(POISON, 8)), "b");
        Encoding notNumbers = engine.submit(List.of(input(NAN, 8)), "c");
        Encoding good = engine.submit(List.of(input(4, 8), input(5, 8)), "d");
        runner.letAll();

        assertThat(good.await().get(1)).containsExactly(5, 8);
        assertThatThrownBy(poisoned::await).isInstanceOf(ModelException.class).hasMessageContaining("poisoned");
        assertThatThrownBy(notNumbers::await).isInstanceOf(ModelException.class).hasMessageContaining("not numbers");
        assertThat(first.await()).hasSize(1);
        assertThat(engine.healthy()).isTrue();
    }

    @Test
    void nobodyWaitsForAThreadThatHasDied() throws Exception {
        Encoding deadly = engine.submit(List.of(input(DEADLY, 32), input(1, 32), input(2, 32)), "a");
        runner.awaitRun();
        Encoding waiting = engine.submit(List.of(input(3, 8)), "b");
        runner.letAll();

        assertThatThrownBy(deadly::await).isInstanceOf(ModelException.class).hasMessageContaining("stopped");
        assertThatThrownBy(waiting::await).isInstanceOf(CancellationException.class);
        assertThatThrownBy(() -> engine.submit(List.of(input(1, 8)), "c")).isInstanceOf(EngineOverloadedException.class);
        assertThat(engine.healthy()).isFalse();
    }

    @Test
    void refusesWhatItCannotRunAndMoreThanMayWait() throws Exception {
        assertThatThrownBy(() -> engine.submit(List.of(), "a")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> engine.submit(List.of(input(1, 33)), "a")).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("32");
        assertThatThrownBy(() -> engine.submit(List.of(input(100, 3)), "a")).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("100");
        assertThatThrownBy(() -> EncoderInput.of(new int[0])).isInstanceOf(IllegalArgumentException.class);

        engine.submit(List.of(input(1, 8)), "a");
        runner.awaitRun();
        List<EncoderInput> many = new ArrayList<>();
        for (int i = 0; i < 31; i++) {
            many.add(input(1, 32));
        }
        Encoding waiting = engine.submit(many, "a");
        assertThatThrownBy(() -> engine.submit(many, "b")).isInstanceOf(EngineOverloadedException.class);
        runner.letAll();
        assertThat(waiting.await()).hasSize(31);
    }

    @Test
    void finishesWhatIsAtWorkWhenItIsClosedAndThenTakesNoMore() throws Exception {
        Encoding first = engine.submit(List.of(input(1, 8)), "a");
        runner.awaitRun();
        Encoding second = engine.submit(List.of(input(2, 8)), "a");
        Thread closing = Thread.ofPlatform().start(engine::close);
        runner.letAll();
        closing.join();

        assertThat(first.await()).hasSize(1);
        assertThat(second.await()).hasSize(1);
        assertThat(engine.healthy()).isFalse();
        assertThatThrownBy(() -> engine.submit(List.of(input(1, 1)), "a")).isInstanceOf(EngineOverloadedException.class);
    }

    @Test
    void dropsWhatIsNotDoneAfterTheDrain() throws Exception {
        runner.letAll();
        engine.close();
        Runner stuck = new Runner();
        engine = BatchingEncoder.start(stuck, new EncoderOptions(1000, Duration.ZERO));
        engine.submit(List.of(input(1, 8)), "a");
        stuck.awaitRun();
        Encoding waiting = engine.submit(List.of(input(2, 8)), "a");
        Thread closing = Thread.ofPlatform().start(engine::close);

        assertThatThrownBy(waiting::await).isInstanceOf(CancellationException.class);
        stuck.letAll();
        closing.join();
        assertThat(stuck.closed).isTrue();
    }

    private static EncoderInput input(int token, int length) {
        int[] tokens = new int[length];
        Arrays.fill(tokens, token);
        return EncoderInput.of(tokens);
    }
}
