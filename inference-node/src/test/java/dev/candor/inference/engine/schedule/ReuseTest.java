package dev.candor.inference.engine.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candor.hub.manifest.VerifiedModel;
import dev.candor.hub.testing.ToyModels;
import dev.candor.inference.engine.EngineOptions;
import dev.candor.inference.engine.GenerationRequest;
import dev.candor.inference.engine.GenerationResult;
import dev.candor.inference.engine.ModelException;
import dev.candor.inference.engine.ModelRunner;
import dev.candor.inference.engine.ort.OrtModelRunner;
import dev.candor.inference.engine.ort.OrtOptions;
import dev.candor.inference.engine.ort.OrtRuntime;
import dev.candor.inference.engine.sampling.SamplingParams;
import dev.candor.inference.engine.testing.Models;
import dev.candor.inference.engine.testing.Recording;
import dev.candor.inference.text.HfTokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the scheduler reuses, puts back and guesses leaves the answers of a real model as they are, token for token. */
class ReuseTest {
    private static final int SLOTS = 4;
    private static final int END = 2;
    private static final EngineOptions PLAIN =
            new EngineOptions(100, 32, Duration.ofSeconds(30)).withPrefixCache(false).withSpeculation(false);

    @TempDir
    private static Path folder;

    private static VerifiedModel toy;
    private static HfTokenizer tokenizer;
    private static List<GenerationRequest> requests;
    private static List<GenerationResult> expected;

    @BeforeAll
    static void answerEachAlone() throws Exception {
        toy = ToyModels.write(folder.resolve("toy"));
        tokenizer = HfTokenizer.open(toy.tokenizer(), Models.natives());
        int[] system = tokens(1, 130);
        requests = IntStream.range(0, 16).mapToObj(i -> {
            int[] own = tokens(i + 2, 3 + 9 * i);
            int[] quoting = IntStream.concat(Arrays.stream(system), Arrays.stream(own)).toArray();
            SamplingParams sampling = i % 2 == 0 ? SamplingParams.greedy() : new SamplingParams(0.7, 0.9, 0, 0, 0, 0, 1, i);
            return new GenerationRequest(i % 3 == 0 ? own : quoting, sampling, 160 + 3 * i, 0, List.of(), true);
        }).toList();
        expected = new ArrayList<>();
        try (BatchingEngine engine = start(PLAIN)) {
            for (GenerationRequest request : requests) {
                expected.add(submit(engine, request).result());
            }
        }
    }

    @AfterAll
    static void close() {
        tokenizer.close();
    }

    @Test
    void cachedPromptsGiveTheSameAnswers() throws Exception {
        try (BatchingEngine engine = start(PLAIN.withPrefixCache(true))) {
            assertAllAsExpected(engine);
            assertAllAsExpected(engine);

            assertThat(engine.stats().prefixes().hits()).isGreaterThan(20 * 128L);
        }
    }

    @Test
    void sequencesThatWerePutBackGoOnAsIfTheyHadNotBeen() throws Exception {
        try (ModelRunner probe = open()) {
            long block = 64 * probe.kvBytesPerToken();
            try (BatchingEngine engine = start(PLAIN.withKvBytes(18 * block))) {
                assertAllAsExpected(engine);

                assertThat(engine.stats().preemptions()).isPositive();
                assertThat(engine.stats().kv().limit()).isEqualTo(18 * block);
            }
        }
    }

    @Test
    void everythingAtOnceGivesTheSameAnswers() throws Exception {
        try (ModelRunner probe = open()) {
            EngineOptions all = PLAIN.withPrefixCache(true).withSpeculation(true).withKvBytes(24 * 64 * probe.kvBytesPerToken());
            try (BatchingEngine engine = start(all)) {
                assertAllAsExpected(engine);
                assertAllAsExpected(engine);

                Engines.awaitNothingHeld(engine);
                assertThat(engine.stats().drafts().accepted() > 0).as("guesses, where the runner checks them").isEqualTo(probe.exact() && probe.stepTokens() > 1);
            }
        }
    }

    private static void assertAllAsExpected(BatchingEngine engine) throws Exception {
        List<Recording> together = new ArrayList<>();
        for (GenerationRequest request : requests) {
            together.add(submit(engine, request));
        }
        for (int i = 0; i < requests.size(); i++) {
            GenerationResult result = together.get(i).result();

            assertThat(result.tokens()).as("request %d", i).isEqualTo(expected.get(i).tokens());
            assertThat(together.get(i).text()).isEqualTo(expected.get(i).text());
        }
    }

    private static Recording submit(BatchingEngine engine, GenerationRequest request) throws Exception {
        Recording recording = new Recording();
        engine.submit(request, recording);
        return recording;
    }

    private static BatchingEngine start(EngineOptions options) throws ModelException, IOException {
        return BatchingEngine.start(open(), tokenizer, List.of(END), options);
    }

    private static ModelRunner open() throws ModelException {
        return OrtModelRunner.open(OrtRuntime.load(Models.natives()), toy.folder(), toy.config(), new OrtOptions(SLOTS, 0, 1, false));
    }

    private static int[] tokens(long seed, int count) {
        return new Random(seed).ints(count, 3, 278).toArray();
    }
}
