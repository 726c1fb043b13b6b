package dev.candor.inference.engine.encoder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candor.hub.manifest.EncoderConfig;
import dev.candor.hub.manifest.VerifiedModel;
import dev.candor.inference.engine.ModelException;
import dev.candor.inference.engine.ort.OrtEncoderRunner;
import dev.candor.inference.engine.ort.OrtRuntime;
import dev.candor.inference.engine.testing.Models;
import dev.candor.inference.text.HfEncoderTokenizer;
import dev.candor.inference.text.TokenizedText;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The embedding model that {@code candor up} serves gives a text the same bits alone and in any company. */
class MiniLmCompanyTest {
    private static final String STORY = "The keeper of the lighthouse counted ships. At night, when fog came in from the sea, he rang the old bronze bell "
            + "every two minutes and wrote the hour of each answer into a book that nobody but him had ever read. ";
    private static final int[] LENGTHS = {3, 8, 19, 33, 64, 127, 256};

    private static OrtEncoderRunner runner;
    private static List<EncoderInput> texts;
    private static List<int[]> alone;

    @BeforeAll
    static void open() throws Exception {
        VerifiedModel model = Models.encoder();
        EncoderConfig config = (EncoderConfig) model.serving();
        runner = OrtEncoderRunner.open(OrtRuntime.load(Models.natives()), model.folder(), config, 2, false);
        try (HfEncoderTokenizer tokenizer = HfEncoderTokenizer.open(model.folder().resolve(config.tokenizer()), Models.natives())) {
            TokenizedText story = tokenizer.encode(STORY.repeat(8));
            texts = IntStream.of(LENGTHS).mapToObj(story::truncated).map(text -> new EncoderInput(text.tokens(), text.types())).toList();
        }
        alone = new ArrayList<>();
        for (EncoderInput text : texts) {
            alone.add(bits(runner.run(List.of(text)).getFirst()));
        }
    }

    @AfterAll
    static void close() {
        if (runner != null) {
            runner.close();
        }
    }

    @Test
    void besideAnyOtherTextInEitherPlace() throws Exception {
        for (int one = 0; one < LENGTHS.length; one++) {
            for (int other = 0; other < LENGTHS.length; other++) {
                assertAsAlone(List.of(one, other));
            }
        }
    }

    @Test
    void inRunsAsLargeAsTheyGet() throws Exception {
        assertThat(runner.maxRunTokens()).isEqualTo(1024);
        assertAsAlone(List.of(6, 0, 5, 1));
        assertAsAlone(List.of(2, 5, 1, 4, 3, 0, 5, 5));
        assertAsAlone(List.of(3, 0, 2, 1, 3, 2, 0, 0, 1, 2, 3, 1, 0, 2, 3, 1, 2, 0, 3, 1, 1, 2, 0, 3, 0, 1, 2, 3, 0, 1, 2));
        assertAsAlone(IntStream.range(0, 1024 / LENGTHS[0]).mapToObj(i -> 0).toList());
    }

    @Test
    void inTheBatchesThatTheEngineFormsOfMany() throws Exception {
        List<Integer> order = IntStream.range(0, 40).mapToObj(i -> i * 5 % LENGTHS.length).toList();
        VerifiedModel model = Models.encoder();
        OrtEncoderRunner second = OrtEncoderRunner.open(
                OrtRuntime.load(Models.natives()), model.folder(), (EncoderConfig) model.serving(), 2, false);
        try (BatchingEncoder engine = BatchingEncoder.start(second, EncoderOptions.defaults())) {
            Encoding first = engine.submit(order.stream().map(texts::get).toList(), "one");
            Encoding beside = engine.submit(order.reversed().stream().map(texts::get).toList(), "another");
            assertAsAlone(order, first.await());
            assertAsAlone(order.reversed(), beside.await());
        }
    }

    private static void assertAsAlone(List<Integer> company) throws ModelException {
        assertAsAlone(company, runner.run(company.stream().map(texts::get).toList()));
    }

    private static void assertAsAlone(List<Integer> company, List<float[]> vectors) {
        for (int i = 0; i < company.size(); i++) {
            int text = company.get(i);
            assertThat(bits(vectors.get(i))).as("%d tokens, place %d of %s", LENGTHS[text], i, company).isEqualTo(alone.get(text));
        }
    }

    private static int[] bits(float[] vector) {
        return IntStream.range(0, vector.length).map(i -> Float.floatToRawIntBits(vector[i])).toArray();
    }
}
