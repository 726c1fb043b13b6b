package dev.candor.inference.engine.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candor.inference.engine.EngineOptions;
import dev.candor.inference.engine.GenerationRequest;
import dev.candor.inference.engine.GenerationResult;
import dev.candor.inference.engine.ServiceTerms;
import dev.candor.inference.engine.testing.Recording;
import dev.candor.inference.engine.testing.ScriptedRunner;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever the scheduler does to be fast or fair, each request's tokens are those it gets alone. */
class SameAnswersTest {
    private static final int BYTES = 64 * Long.BYTES;

    @ParameterizedTest(name = "exact {0}, cache {1}, guesses {2}, {3} blocks, moved in place {4}")
    @CsvSource({
        "false, false, false, 0, false",
        "false, true, false, 0, true",
        "false, true, false, 34, false",
        "false, true, false, 24, true",
        "true, false, false, 34, false",
        "true, true, false, 40, false",
        "true, false, true, 0, true",
        "true, true, true, 0, false",
        "true, true, true, 34, false",
        "true, true, true, 24, true",
    })
    void aloneAndInCompany(boolean exact, boolean cache, boolean guesses, int blocks, boolean inPlace) throws Exception {
        ScriptedRunner.Shape copying = exact ? ScriptedRunner.Shape.exactOnes() : ScriptedRunner.Shape.plain();
        ScriptedRunner.Shape shape = inPlace ? copying.movingInPlace() : copying;
        EngineOptions options =
                Engines.OPTIONS.withPrefixCache(cache).withSpeculation(guesses).withKvBytes((long) blocks * BYTES);
        List<GenerationRequest> requests = Engines.mixture(60, 400, 300);
        List<Recording> together = new ArrayList<>();
        try (Engines engines = new Engines(shape, options)) {
            for (GenerationRequest request : requests) {
                together.add(engines.submit(request));
            }
            for (int i = 0; i < requests.size(); i++) {
                GenerationResult result = together.get(i).result();
                GenerationResult alone = Engines.alone(shape, requests.get(i));

                assertThat(result.tokens()).as("request %d", i).isEqualTo(alone.tokens());
                assertThat(together.get(i).text()).as("text as it came").isEqualTo(alone.text());
                assertThat(result.cachedTokens()).isLessThan(result.promptTokens());
            }
            assertThat(engines.stats().prefixes().hits() > 0).as("hits").isEqualTo(cache);
            assertThat(engines.stats().drafts().accepted() > 0).as("guesses").isEqualTo(guesses);
            assertThat(engines.stats().running() + engines.stats().waiting()).isZero();
            Engines.awaitNothingHeld(engines.engine());
            if (blocks > 0) {
                assertThat(engines.stats().preemptions()).as("preemptions").isPositive();
                assertThat(engines.runner().peakBlocks()).as("never more than allowed").isLessThanOrEqualTo(blocks);
                assertThat(engines.stats().kv().used()).isLessThanOrEqualTo(engines.stats().kv().limit());
            }
        }
    }

    @Test
    void replayOfOneChangesNobodyElse() throws Exception {
        ScriptedRunner.Shape shape = ScriptedRunner.Shape.exactOnes();
        GenerationRequest request = Engines.request(Engines.prompt(1, 90), 100);
        GenerationResult alone = Engines.alone(shape, request);
        try (Engines engines = new Engines(shape, Engines.OPTIONS.withSpeculation(false))) {
            engines.submit(Engines.request(
                    Engines.prompt(2, 30), request.sampling(), 80,
                    new ServiceTerms("", request.terms().priority(), request.terms().deadlineNanos(), true, "")));

            assertThat(engines.answer(request).tokens()).isEqualTo(alone.tokens());
        }
    }
}
