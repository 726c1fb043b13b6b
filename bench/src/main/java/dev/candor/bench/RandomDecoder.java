package dev.candor.bench;

import dev.candor.hub.importer.DecoderImporter;
import dev.candor.hub.importer.ImportRequest;
import dev.candor.hub.importer.ModelForm;
import dev.candor.hub.importer.decoder.Activation;
import dev.candor.hub.importer.decoder.DecoderSpec;
import dev.candor.hub.importer.decoder.LayerAttention;
import dev.candor.hub.importer.decoder.Rope;
import dev.candor.hub.importer.tokenizer.TokenizerFiles;
import dev.candor.hub.manifest.ModelName;
import dev.candor.hub.manifest.VerifiedModel;
import dev.candor.hub.store.ModelStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/** Decoders with the lengths of known ones and random weights, for measuring how fast they are. */
enum RandomDecoder {
    QWEN2_5_05B("qwen2.5-0.5b", "qwen2", 896, 4864, 24, 14, 2, 64, 151_936, new DecoderSpec.Parts(true, false, false, false, true)),
    QWEN3_06B("qwen3-0.6b", "qwen3", 1024, 3072, 28, 16, 8, 128, 151_936, new DecoderSpec.Parts(false, false, true, false, true)),
    TOY("toy", "qwen3", 64, 128, 2, 4, 2, 16, 512, new DecoderSpec.Parts(true, false, true, false, true));

    private static final int CONTEXT = 4096;
    private static final double ROPE_BASE = 1e6;
    private static final float EPSILON = 1e-6f;

    private final String label;
    private final DecoderSpec spec;

    RandomDecoder(
            String label, String architecture, int hidden, int feedForward, int layers, int heads, int kvHeads, int headSize, int vocabulary,
            DecoderSpec.Parts parts) {
        this.label = label;
        this.spec = new DecoderSpec(
                architecture, hidden, heads, kvHeads, headSize, feedForward, vocabulary, CONTEXT, EPSILON, Activation.SILU,
                Collections.nCopies(layers, LayerAttention.global(Rope.plain(ROPE_BASE, headSize))), parts, DecoderSpec.Scales.plain(headSize));
    }

    String label() {
        return label;
    }

    /** The model out of the store, made by the importer where it is not there. */
    VerifiedModel in(ModelStore store, ModelForm form) throws IOException {
        ModelName name = new ModelName("candor-bench", label.replace('.', '-'), "1");
        Optional<VerifiedModel> present = store.find(name, form);
        if (present.isPresent()) {
            return present.get();
        }
        // Token ids go in and come out; text never does.
        TokenizerFiles noText = new TokenizerFiles("{}".getBytes(StandardCharsets.UTF_8), Optional.of(""), -1, List.of(0));
        ImportRequest request = new ImportRequest(name, "CC0-1.0", form, Optional.empty());
        LongConsumer silent = done -> {};
        return store.publish(
                name, form, folder -> new DecoderImporter().convert(new RandomWeights(), spec, noText, request, folder, silent));
    }
}
