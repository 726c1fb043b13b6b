package dev.candor.inference.engine.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candor.inference.engine.FinishReason;
import dev.candor.inference.engine.GenerationListener;
import dev.candor.inference.engine.GenerationRequest;
import dev.candor.inference.engine.GenerationResult;
import dev.candor.inference.engine.Progress;
import dev.candor.inference.engine.ServiceTerms;
import dev.candor.inference.engine.sampling.SamplingParams;
import dev.candor.inference.engine.testing.Recording;
import dev.candor.inference.engine.testing.ScriptedRunner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FairSchedulingTest {
    private static final ScriptedRunner.Shape LONG = new ScriptedRunner.Shape(4, 3, 8192, false, 1, 3);

    @Test
    void aLongPromptDoesNotStallThoseThatDecode() throws Exception {
        try (Engines engines = new Engines(LONG, Engines.OPTIONS)) {
            Ticks alone = new Ticks(engines.runner());
            engines.engine().submit(Engines.request(Engines.prompt(1, 50), 400), alone);
            alone.await();
            Ticks beside = new Ticks(engines.runner());
            engines.runner().holdAfter(60);
            engines.engine().submit(Engines.request(Engines.prompt(2, 50), 400), beside);
            engines.runner().awaitHeld();
            Recording prompt = engines.submit(Engines.request(Engines.prompt(3, 4096), 1));
            engines.runner().release();
            beside.await();

            assertThat(prompt.result().tokens()).hasSize(1);
            assertThat(beside.p99Millis()).isLessThanOrEqualTo(2.2 * alone.p99Millis());
        }
    }

    @Test
    void aLongPromptTakesNoMoreOfAStepWhileShortOnesWaitForAPlace() throws Exception {
        ScriptedRunner.Shape two = new ScriptedRunner.Shape(2, 3, 8192, false, 1, 3);
        try (Engines engines = new Engines(two, Engines.OPTIONS)) {
            engines.runner().holdAfter(60);
            Recording decodes = engines.submit(Engines.request(Engines.prompt(1, 50), 2000));
            engines.runner().awaitHeld();
            Recording prompt = engines.submit(Engines.request(Engines.prompt(2, 4096), 1));
            engines.runner().allow(20);
            engines.runner().awaitHeld();
            List<Recording> waiting = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                waiting.add(engines.submit(Engines.request(Engines.prompt(3 + i, 60), 1)));
            }
            int before = engines.runner().runs().size();
            engines.runner().allow(100);
            engines.runner().awaitHeld();

            assertThat(engines.stats().waiting()).isEqualTo(5);
            assertThat(engines.runner().runs().subList(before, engines.runner().runs().size()))
                    .filteredOn(ScriptedRunner.Run::prefill).isNotEmpty().allMatch(run -> run.tokens() <= 16);
            engines.runner().release();
            assertThat(prompt.result().tokens()).hasSize(1);
            for (Recording each : waiting) {
                assertThat(each.result().tokens()).hasSize(1);
            }
            assertThat(decodes.result().tokens()).hasSize(2000);
        }
    }

    @Test
    void aShortPromptDoesNotWaitBehindLongOnes() throws Exception {
        try (Engines engines = new Engines(LONG, Engines.OPTIONS)) {
            engines.runner().holdAfter(0);
            List<Ticks> longOnes = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                longOnes.add(new Ticks(engines.runner()));
                engines.engine().submit(Engines.request(Engines.prompt(i, 6000), 2), longOnes.get(i));
            }
            Ticks shortOne = new Ticks(engines.runner());
            engines.runner().awaitHeld();
            engines.engine().submit(Engines.request(Engines.prompt(9, 60), 2), shortOne);
            engines.runner().release();
            shortOne.await();
            for (Ticks other : longOnes) {
                other.await();
            }

            assertThat(shortOne.first()).isLessThan(longOnes.stream().mapToLong(Ticks::first).min().orElseThrow());
        }
    }

    @Test
    void aClientWithManyRequestsDoesNotDelayOneWithFew() throws Exception {
        List<String> order = endsOf(List.of(many("greedy", 30), many("modest", 3)));

        assertThat(order.indexOf("modest")).isLessThan(10);
        assertThat(order.lastIndexOf("modest")).isLessThan(20);
    }

    @Test
    void interactiveRequestsGoBeforeBatchOnesWhichDoNotStarve() throws Exception {
        List<GenerationRequest> batch = Collections.nCopies(8, Engines.request(Engines.prompt(3, 40), SamplingParams.greedy(), 30, Engines.batch()));
        List<String> order = endsOf(List.of(batch, many("", 40)));

        assertThat(order.subList(0, 6)).as("those that somebody waits for").doesNotContain("BATCH");
        assertThat(order.subList(0, 40)).as("each eighth is a batch request").contains("BATCH");
    }

    @Test
    void aBatchRequestLeavesItsPlaceToAnInteractiveOneAndGoesOnLater() throws Exception {
        GenerationRequest batch = Engines.request(Engines.prompt(3, 200), SamplingParams.greedy(), 200, Engines.batch());
        GenerationResult alone = Engines.alone(ScriptedRunner.Shape.plain(), batch);
        try (Engines engines = new Engines(ScriptedRunner.Shape.plain(), Engines.OPTIONS)) {
            engines.runner().holdAfter(0);
            List<Recording> batches = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                batches.add(engines.submit(batch));
            }
            engines.runner().awaitHeld();
            engines.runner().allow(30);
            engines.runner().awaitHeld();
            Recording waits = engines.submit(Engines.request(Engines.prompt(4, 40), 10));
            engines.runner().release();

            assertThat(waits.result().tokens()).hasSize(10);
            assertThat(batches.stream().anyMatch(other -> !ended(other))).as("it did not wait for them").isTrue();
            for (Recording other : batches) {
                assertThat(other.result().tokens()).isEqualTo(alone.tokens());
                assertThat(other.text()).isEqualTo(alone.text());
            }
            assertThat(engines.stats().preemptions()).isPositive();
        }
    }

    private static boolean ended(Recording recording) {
        try {
            return recording.endsWithin(Duration.ofMillis(1));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aDeadlineEndsASequenceWithinAStep() throws Exception {
        try (Engines engines = new Engines(LONG, Engines.OPTIONS)) {
            long deadline = engines.runner().nanoTime() + 200_000_000L;
            GenerationResult result =
                    engines.answer(Engines.request(Engines.prompt(1, 30), SamplingParams.greedy(), 4000, Engines.until(deadline)));

            assertThat(result.finishReason()).isEqualTo(FinishReason.TIMEOUT);
            assertThat(result.tokens().length).isBetween(10, 20);
            assertThat(engines.runner().nanoTime() - deadline).isBetween(0L, 20_000_000L);
        }
    }

    @Test
    void aDeadlineEndsAPromptBetweenChunksAndAWaitingOneAtOnce() throws Exception {
        try (Engines engines = new Engines(LONG, Engines.OPTIONS)) {
            long deadline = engines.runner().nanoTime() + 1_000_000_000L;
            GenerationRequest late = Engines.request(Engines.prompt(1, 8000), SamplingParams.greedy(), 10, Engines.until(deadline));
            GenerationResult result = engines.answer(late);

            assertThat(result.finishReason()).isEqualTo(FinishReason.TIMEOUT);
            assertThat(result.tokens()).isEmpty();
            assertThat(engines.runner().nanoTime() - deadline).isBetween(0L, 300_000_000L);
            assertThat(engines.answer(late).finishReason()).isEqualTo(FinishReason.TIMEOUT);
            Engines.awaitNothingHeld(engines.engine());
        }
    }

    @Test
    void remembersPromptsThatBeginAlikeButNotUnderAnotherSalt() throws Exception {
        int[] system = Engines.prompt(1, 200);
        try (Engines engines = new Engines(ScriptedRunner.Shape.plain(), Engines.OPTIONS)) {
            assertThat(engines.answer(Engines.request(Engines.join(system, Engines.prompt(2, 30)), 5)).cachedTokens()).isZero();
            assertThat(engines.answer(Engines.request(Engines.join(system, Engines.prompt(3, 30)), 5)).cachedTokens()).isEqualTo(192);
            assertThat(salted(engines, system, "mine")).isZero();
            assertThat(salted(engines, system, "mine")).isEqualTo(192);
            assertThat(salted(engines, system, "yours")).isZero();
        }
    }

    private static int salted(Engines engines, int[] system, String salt) throws Exception {
        int[] prompt = Engines.join(system, Engines.prompt(salt.length(), 20));
        return engines.answer(Engines.request(prompt, SamplingParams.greedy(), 5, Engines.salted(salt))).cachedTokens();
    }

    @Test
    void aGrowingChatHitsItsAnswersWhereDecodesAreExact() throws Exception {
        int[] chat = Engines.prompt(1, 100);
        try (Engines engines = new Engines(ScriptedRunner.Shape.exactOnes(), Engines.OPTIONS)) {
            for (int turn = 0; turn < 4; turn++) {
                GenerationResult result = engines.answer(Engines.request(chat, 90));

                assertThat(result.cachedTokens()).as("turn %d", turn).isEqualTo(turn == 0 ? 0 : (chat.length - 20) / 64 * 64);
                chat = Engines.join(chat, result.tokens(), Engines.prompt(turn, 20));
            }
        }
    }

    @Test
    void aContextLargerThanTheMemoryIsCutAndTooLittleMemoryRefused() throws Exception {
        try (Engines engines = new Engines(LONG, Engines.OPTIONS.withKvBytes(20 * 64 * Long.BYTES))) {
            assertThat(engines.engine().info().contextLength()).isEqualTo(640);
            assertThatThrownBy(() -> engines.submit(Engines.request(Engines.prompt(1, 640), 5)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("context of 640");
            assertThat(engines.answer(Engines.request(Engines.prompt(1, 600), 100)).tokens()).hasSize(40);
        }
        assertThatThrownBy(() -> new Engines(LONG, Engines.OPTIONS.withKvBytes(1000)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2048 are the least");
    }

    private static List<GenerationRequest> many(String client, int count) {
        return Collections.nCopies(count, Engines.request(Engines.prompt(client.length(), 40), SamplingParams.greedy(), 30, Engines.of(client)));
    }

    /** Clients, or {@code BATCH}, in the order in which their requests end; all were there from the beginning. */
    private static List<String> endsOf(List<List<GenerationRequest>> groups) throws Exception {
        List<String> ends = Collections.synchronizedList(new ArrayList<>());
        List<CompletableFuture<Void>> all = new ArrayList<>();
        try (Engines engines = new Engines(ScriptedRunner.Shape.plain(), Engines.OPTIONS)) {
            engines.runner().holdAfter(0);
            for (List<GenerationRequest> group : groups) {
                for (GenerationRequest request : group) {
                    CompletableFuture<Void> end = new CompletableFuture<>();
                    all.add(end);
                    engines.engine().submit(request, new AtEnd(() -> {
                        ServiceTerms terms = request.terms();
                        ends.add(terms.equals(Engines.batch()) ? "BATCH" : terms.client());
                        end.complete(null);
                    }));
                }
            }
            engines.runner().release();
            CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
        }
        return ends;
    }

    private record AtEnd(Runnable action) implements GenerationListener {
        @Override
        public void onProgress(Progress progress) {
            // only the end counts
        }

        @Override
        public void onFinished(GenerationResult result) {
            action.run();
        }

        @Override
        public void onFailed(Exception failure) {
            throw new AssertionError(failure);
        }
    }

    /** Notes the runner's time at each token. */
    private static final class Ticks implements GenerationListener {
        private final ScriptedRunner runner;
        private final List<Long> times = new ArrayList<>();
        private final CompletableFuture<GenerationResult> end = new CompletableFuture<>();

        Ticks(ScriptedRunner runner) {
            this.runner = runner;
        }

        @Override
        public void onProgress(Progress progress) {
            times.add(runner.nanoTime());
        }

        @Override
        public void onFinished(GenerationResult result) {
            end.complete(result);
        }

        @Override
        public void onFailed(Exception failure) {
            end.completeExceptionally(failure);
        }

        void await() throws Exception {
            end.get(60, TimeUnit.SECONDS);
        }

        long first() {
            return times.getFirst();
        }

        double p99Millis() {
            List<Long> gaps = new ArrayList<>();
            for (int i = 1; i < times.size(); i++) {
                gaps.add(times.get(i) - times.get(i - 1));
            }
            Collections.sort(gaps);
            return gaps.get(gaps.size() * 99 / 100) / 1e6;
        }
    }
}
