package dev.candor.hub.importer.hf;

import dev.candor.hub.importer.source.ImportException;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * The model types that are read, with what transformers takes for a member that {@code config.json} does not mention (version 4.57,
 * {@code configuration_*.py}); 0 where the member must be there, or follows from others.
 */
enum HfFamily {
    LLAMA("llama", 0, 0, 2048, 1e-6, 10_000, false),
    MISTRAL("mistral", 8, 0, 131_072, 1e-6, 10_000, false),
    QWEN2("qwen2", 0, 0, 32_768, 1e-6, 10_000, false),
    QWEN3("qwen3", 0, 128, 32_768, 1e-6, 10_000, false),
    SMOLLM3("smollm3", 4, 0, 32_768, 1e-6, 2_000_000, true),
    GEMMA2("gemma2", 4, 256, 8192, 1e-6, 10_000, true),
    GEMMA3("gemma3_text", 4, 256, 131_072, 1e-6, 1_000_000, true),
    PHI3("phi3", 0, 0, 4096, 1e-5, 10_000, false);

    private final String modelType;
    private final int kvHeads;
    private final int headSize;
    private final int context;
    private final double epsilon;
    private final double ropeBase;
    private final boolean tied;

    HfFamily(String modelType, int kvHeads, int headSize, int context, double epsilon, double ropeBase, boolean tied) {
        this.modelType = modelType;
        this.kvHeads = kvHeads;
        this.headSize = headSize;
        this.context = context;
        this.epsilon = epsilon;
        this.ropeBase = ropeBase;
        this.tied = tied;
    }

    /** @throws ImportException if {@code modelType} is none of those read */
    static HfFamily of(String modelType) throws ImportException {
        return Arrays.stream(values()).filter(family -> family.modelType.equals(modelType)).findFirst()
                .orElseThrow(() -> new ImportException("the model's type is " + modelType + " (model_type of config.json); imported are "
                        + Arrays.stream(values()).map(family -> family.modelType).collect(Collectors.joining(", ")) + " and gemma3"));
    }

    String modelType() {
        return modelType;
    }

    boolean gemma() {
        return this == GEMMA2 || this == GEMMA3;
    }

    int kvHeads(int heads) {
        return kvHeads == 0 ? heads : kvHeads;
    }

    int headSize(int hidden, int heads) {
        return headSize == 0 ? hidden / heads : headSize;
    }

    int context() {
        return context;
    }

    double epsilon() {
        return epsilon;
    }

    double ropeBase() {
        return ropeBase;
    }

    boolean tied() {
        return tied;
    }
}
