package dev.candor.inference.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candor.client.CandorClient;
import dev.candor.client.api.ClassifyAnswer;
import dev.candor.client.api.ClassifyRequest;
import dev.candor.client.api.EmbeddingAnswer;
import dev.candor.client.api.EmbeddingRequest;
import dev.candor.client.api.InferenceMode;
import dev.candor.client.api.RerankAnswer;
import dev.candor.client.api.RerankRequest;
import dev.candor.client.error.NodeErrorException;
import dev.candor.client.error.UnverifiedAnswerException;
import dev.candor.client.langchain4j.CandorEmbeddingModel;
import dev.candor.hub.manifest.EncoderTask;
import dev.candor.inference.http.EncoderModel;
import dev.candor.inference.testing.HttpFixture;
import dev.candor.inference.testing.ToyEncoders;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.output.Response;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Vectors, ranks and classes by the SDK and by LangChain4j. */
class EncodersTest extends SdkFixture {
    private static final String EMBEDDING = "toy/embedding@1";

    private final List<EncoderModel> models = new ArrayList<>();

    @BeforeEach
    void serveEncoders() throws Exception {
        start(HttpFixture.Setup.free());
        ToyEncoders toys = new ToyEncoders(folder);
        for (EncoderTask task : EncoderTask.values()) {
            EncoderModel model = toys.served(task);
            models.add(model);
            node.models.add(model);
            node.prices.set(model.binding().name(), HttpFixture.PRICE);
        }
    }

    @AfterEach
    void closeEncoders() throws Exception {
        for (EncoderModel model : models) {
            model.close();
        }
    }

    @Test
    void vectorsArePaidForAndVerified() {
        try (CandorClient candor = paying().build()) {
            EmbeddingAnswer answer = candor.embed(EmbeddingRequest.of(EMBEDDING, "ab", "zzzz"));
            assertThat(answer.vectors()).hasSize(2);
            assertThat(answer.vector().length).isPositive().isEqualTo(answer.vectors().get(1).length);
            assertThat(answer.receipt().charged()).isPositive();
            int half = answer.vector().length / 2;
            assertThat(candor.embed(new EmbeddingRequest(EMBEDDING, List.of("ab"), OptionalInt.of(half), Optional.empty())).vector()).hasSize(half);
        }
    }

    @Test
    void aChangedVectorIsWithheld() {
        try (CandorClient candor = paying().build()) {
            relay.change(body -> {
                byte[] changed = body.clone();
                int at = new String(body, StandardCharsets.ISO_8859_1).indexOf("\"embedding\":\"");
                if (at >= 0) {
                    int place = at + "\"embedding\":\"".length() + 4;
                    changed[place] = (byte) (changed[place] == 'x' ? 'y' : 'x');
                }
                return changed;
            });
            assertThatThrownBy(() -> candor.embed(EmbeddingRequest.of(EMBEDDING, "ab"))).isInstanceOf(UnverifiedAnswerException.class);
        }
    }

    @Test
    void documentsAreRankedAndTextsClassified() {
        try (CandorClient candor = paying().build()) {
            RerankAnswer ranked = candor.rerank(RerankRequest.of("toy/rerank@1", "ab", "zz", "ab", "q"));
            assertThat(ranked.results()).hasSize(3).isSortedAccordingTo((one, other) -> Double.compare(other.score(), one.score()));
            assertThat(ranked.results()).extracting(RerankAnswer.Ranked::index).containsExactlyInAnyOrder(0, 1, 2);
            assertThat(ranked.receipt().report().verified()).isTrue();
            ClassifyAnswer classes = candor.classify(ClassifyRequest.of(classifier(), "ab"));
            assertThat(classes.labels()).hasSize(1);
            assertThat(classes.labels().getFirst().label()).isIn(ToyEncoders.LABELS);
            assertThat(classes.labels().getFirst().shares()).hasSize(ToyEncoders.LABELS.size());
            assertThat(classes.receipt().charged()).isPositive();
        }
    }

    @Test
    void whatCannotBeReplayedIsRefusedAndNotAnsweredOtherwise() {
        try (CandorClient candor = paying().mode(InferenceMode.REPLAY).build()) {
            assertThatThrownBy(() -> candor.embed(EmbeddingRequest.of(EMBEDDING, "ab")))
                    .isInstanceOfSatisfying(NodeErrorException.class, e -> assertThat(e.param()).contains("verification"));
            assertThat(relay.payments()).isZero();
        }
    }

    @Test
    void langChain4jGetsVectorsWithTheReceiptsId() {
        try (CandorClient candor = paying().build()) {
            CandorEmbeddingModel model = CandorEmbeddingModel.of(candor, EMBEDDING);
            Response<List<Embedding>> response = model.embedAll(Stream.of("ab", "zzzz").map(TextSegment::from).toList());
            assertThat(response.content()).hasSize(2).allSatisfy(vector -> assertThat(vector.dimension()).isEqualTo(model.dimension()));
            assertThat(response.tokenUsage().inputTokenCount()).isPositive();
            assertThat((String) response.metadata().get(CandorEmbeddingModel.RECEIPT)).startsWith("rcpt_");
            assertThat(model.embed("ab").content().vector()).containsExactly(response.content().getFirst().vector());
            assertThat(model.embedAll(List.of()).content()).isEmpty();
        }
    }

    private String classifier() {
        return models.stream().map(model -> model.binding().name()).filter(name -> name.contains("classif")).findFirst().orElseThrow();
    }
}
