package dev.candor.inference.engine.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candor.inference.engine.EngineOptions;
import dev.candor.inference.engine.GenerationRequest;
import dev.candor.inference.engine.testing.Recording;
import dev.candor.inference.engine.testing.ScriptedRunner;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Eleven blocks, as a small model has with little memory: chats of five blocks each, of which the prefix cache may keep five. */
class ShortMemoryTest {
    private static final int BLOCKS = 11;
    private static final EngineOptions SHORT = Engines.OPTIONS.withKvBytes(BLOCKS * 64L * Long.BYTES).withSpeculation(false);
    private static final ScriptedRunner.Shape COPYING = ScriptedRunner.Shape.exactOnes();

    private static final List<GenerationRequest> CHATS =
            IntStream.range(0, 20).mapToObj(i -> Engines.request(Engines.prompt(i, 245 + i % 5), 40)).toList();

    @Test
    void asManyAreAnsweredTogetherAsFitAndCachedPromptsGiveWayToThem() throws Exception {
        List<Integer> together = decodes(COPYING.movingInPlace());

        assertThat(together).allMatch(sequences -> sequences <= 2);
        assertThat(together.stream().filter(sequences -> sequences == 2).count()).isGreaterThan(together.size() * 2L / 3);
    }

    @Test
    void whereAPromptIsCopiedToJoinTheOthersItWaitsUntilItFitsTwice() throws Exception {
        assertThat(decodes(COPYING)).containsOnly(1);
    }

    /** How many sequences each step was for, with all chats there from the beginning and one before them, whose prompt is kept. */
    private static List<Integer> decodes(ScriptedRunner.Shape shape) throws Exception {
        try (Engines engines = new Engines(shape, SHORT)) {
            assertThat(engines.engine().info().contextLength()).isEqualTo(320);
            engines.answer(Engines.request(Engines.prompt(99, 270), 40));
            int before = engines.runner().runs().size();
            assertThat(engines.stats().prefixes().bytes()).isPositive();
            engines.runner().holdAfter(0);
            List<Recording> answers = new ArrayList<>();
            for (GenerationRequest chat : CHATS) {
                answers.add(engines.submit(chat));
            }
            engines.runner().release();
            for (int i = 0; i < CHATS.size(); i++) {
                assertThat(answers.get(i).result().tokens()).as("chat %d", i).isEqualTo(Engines.alone(shape, CHATS.get(i)).tokens());
            }
            Engines.awaitNothingHeld(engines.engine());
            assertThat(engines.stats().preemptions()).isZero();
            assertThat(engines.runner().peakBlocks()).isLessThanOrEqualTo(BLOCKS);
            assertThat(engines.stats().kv().used()).isLessThanOrEqualTo(engines.stats().kv().limit());
            List<ScriptedRunner.Run> runs = engines.runner().runs();
            return runs.subList(before, runs.size()).stream().filter(run -> !run.prefill()).map(ScriptedRunner.Run::tokens).toList();
        }
    }
}
