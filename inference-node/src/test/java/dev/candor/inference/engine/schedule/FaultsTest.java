package dev.candor.inference.engine.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candor.inference.engine.GenerationRequest;
import dev.candor.inference.engine.GenerationResult;
import dev.candor.inference.engine.ModelException;
import dev.candor.inference.engine.testing.Recording;
import dev.candor.inference.engine.testing.ScriptedRunner;
import dev.candor.inference.testing.CharTokenizer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A sequence that the model cannot compute fails by itself; all others come out as if it had never been there. */
class FaultsTest {
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void logitsThatAreNoNumbersFailTheirSequenceOnly(boolean exact) throws Exception {
        int[] prompt = Engines.prompt(5, 30);
        prompt[12] = ScriptedRunner.NAN;
        assertOthersUndisturbed(exact, prompt, "not numbers");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aStepThatFailsIsTracedToItsReason(boolean exact) throws Exception {
        int[] prompt = Engines.prompt(5, 30);
        prompt[12] = ScriptedRunner.POISON;
        assertOthersUndisturbed(exact, prompt, "poisoned");
    }

    @Test
    void aTokenizerOrAnEndTokenOfAnotherModelIsFoundBeforeAnyRequest() {
        ScriptedRunner runner = new ScriptedRunner(ScriptedRunner.Shape.plain());
        CharTokenizer foreign = new CharTokenizer() {
            @Override
            public int[] encode(String text) {
                return text.codePoints().map(point -> point + 100).toArray();
            }
        };
        assertThatThrownBy(() -> BatchingEngine.start(runner, foreign, List.of(1), Engines.OPTIONS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("does not fit the model");
        assertThat(runner.closed()).isTrue();
        assertThatThrownBy(() -> BatchingEngine.start(runner, new CharTokenizer(), List.of(128), Engines.OPTIONS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("token 128");
    }

    private static void assertOthersUndisturbed(boolean exact, int[] bad, String why) throws Exception {
        ScriptedRunner.Shape shape = exact ? ScriptedRunner.Shape.exactOnes() : ScriptedRunner.Shape.plain();
        List<GenerationRequest> others = Engines.mixture(20, 200, 150);
        List<Recording> all = new ArrayList<>();
        List<Recording> failing = new ArrayList<>();
        try (Engines engines = new Engines(shape, Engines.OPTIONS)) {
            for (int i = 0; i < others.size(); i++) {
                all.add(engines.submit(others.get(i)));
                if (i % 5 == 2) {
                    failing.add(engines.submit(Engines.request(bad, 50)));
                }
            }
            for (Recording recording : failing) {
                assertThatThrownBy(recording::result).hasCauseInstanceOf(ModelException.class).hasMessageContaining(why);
            }
            for (int i = 0; i < others.size(); i++) {
                GenerationResult alone = Engines.alone(shape, others.get(i));

                assertThat(all.get(i).result().tokens()).as("request %d", i).isEqualTo(alone.tokens());
                assertThat(all.get(i).text()).isEqualTo(alone.text());
            }
            assertThat(engines.engine().healthy()).isTrue();
            Engines.awaitNothingHeld(engines.engine());
        }
    }
}
