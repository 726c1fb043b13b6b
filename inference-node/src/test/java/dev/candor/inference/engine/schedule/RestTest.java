package dev.candor.inference.engine.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candor.inference.engine.GenerationRequest;
import dev.candor.inference.engine.GenerationResult;
import dev.candor.inference.engine.testing.ScriptedRunner;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RestTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @Test
    void anEngineRestsOnceWhenNothingHasComeForLongAndAnswersAsBefore() throws Exception {
        GenerationRequest request = Engines.request(Engines.prompt(3, 90), 20);
        GenerationResult alone = Engines.alone(ScriptedRunner.Shape.exactOnes(), request);
        try (Engines engines = new Engines(ScriptedRunner.Shape.exactOnes(), Engines.OPTIONS, Duration.ofMillis(20))) {
            for (int i = 0; i < 3; i++) {
                assertThat(engines.answer(request).tokens()).isEqualTo(alone.tokens());
                assertThat(engines.runner().awaitRest(LIMIT)).isTrue();
            }
            assertThat(engines.runner().awaitRest(Duration.ofMillis(200))).as("a rest is enough until there is work again").isFalse();
        }
    }

    @Test
    void anEngineThatNeverWorkedDoesNotRestAndEndsAtOnce() throws Exception {
        Engines engines = new Engines(ScriptedRunner.Shape.plain(), Engines.OPTIONS, Duration.ofMillis(1));

        assertThat(engines.runner().awaitRest(Duration.ofMillis(100))).isFalse();
        engines.close();

        assertThat(engines.runner().closed()).isTrue();
    }
}
