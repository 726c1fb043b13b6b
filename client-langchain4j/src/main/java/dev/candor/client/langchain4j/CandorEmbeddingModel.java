package dev.candor.client.langchain4j;

import dev.candor.client.CandorClient;
import dev.candor.client.api.AnswerReceipt;
import dev.candor.client.api.EmbeddingAnswer;
import dev.candor.client.api.EmbeddingRequest;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.DimensionAwareEmbeddingModel;
import dev.langchain4j.model.output.Response;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * An embedding model of a Candor node: vectors are paid for within the client's limits and verified before they are given. The response's metadata
 * hold the receipt's id as {@value #RECEIPT}. Thread-safe.
 */
public final class CandorEmbeddingModel extends DimensionAwareEmbeddingModel {
    /** The member of a response's metadata that is the receipt's id. */
    public static final String RECEIPT = "candor.receipt";

    private final CandorClient candor;
    private final String model;
    private final OptionalInt dimensions;

    /**
     * A model whose vectors may be shortened.
     *
     * @param candor is not closed with the model
     */
    public CandorEmbeddingModel(CandorClient candor, String model, OptionalInt dimensions) {
        this.candor = candor;
        this.model = model;
        this.dimensions = dimensions;
    }

    /** The model of a name, as {@link CandorClient#models} gives it. */
    public static CandorEmbeddingModel of(CandorClient candor, String model) {
        return new CandorEmbeddingModel(candor, model, OptionalInt.empty());
    }

    @Override
    public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
        if (segments.isEmpty()) {
            return Response.from(List.of());
        }
        EmbeddingAnswer answer = candor.embed(new EmbeddingRequest(
                model, segments.stream().map(TextSegment::text).toList(), dimensions, Optional.empty()));
        Map<String, Object> metadata = new HashMap<>();
        answer.proof().map(AnswerReceipt::id).ifPresent(id -> metadata.put(RECEIPT, id));
        return Response.from(answer.vectors().stream().map(Embedding::from).toList(), ResponseMapping.usage(answer.usage()), null, metadata);
    }

    @Override
    protected Integer knownDimension() {
        return dimensions.isPresent() ? (Integer) dimensions.getAsInt() : null;
    }

    @Override
    public String modelName() {
        return model;
    }
}
