package dev.candor.hub.importer.decoder;

import java.util.Arrays;
import java.util.List;

/** How a rotary embedding's frequencies are changed for contexts longer than those of the first training. */
public sealed interface RopeScaling {
    /** As trained. */
    record None() implements RopeScaling {}

    /** All frequencies divided by {@code factor}. */
    record Linear(double factor) implements RopeScaling {}

    /** Llama 3.1: low frequencies divided by {@code factor}, high ones kept, those between blended. */
    record Llama3(double factor, double lowFrequencyFactor, double highFrequencyFactor, int originalContext) implements RopeScaling {}

    /**
     * YaRN (arXiv 2309.00071).
     *
     * @param attentionFactor what cosines and sines are multiplied by
     * @param truncate        whether the blend's borders are whole dimensions
     */
    record Yarn(double factor, double betaFast, double betaSlow, int originalContext, double attentionFactor, boolean truncate)
            implements RopeScaling {
        /** What cosines and sines are multiplied by where the model does not say. */
        public static double defaultAttentionFactor(double factor) {
            return factor <= 1 ? 1 : 0.1 * StrictMath.log(factor) + 1;
        }
    }

    /**
     * Every frequency divided by a number of its own: Phi-3's "longrope", and the tensor {@code rope_freqs} of GGUF files. Phi-3 has two sets, for
     * sequences up to the original context and for longer ones; since cached keys carry the rotation of their set, the set is chosen at import, by the
     * context the model is imported for.
     *
     * @param divisors        one for each pair of dimensions
     * @param attentionFactor what cosines and sines are multiplied by
     */
    record Divided(List<Float> divisors, double attentionFactor) implements RopeScaling {
        public Divided {
            divisors = List.copyOf(divisors);
        }

        public static Divided of(float[] divisors, double attentionFactor) {
            Float[] boxed = new Float[divisors.length];
            Arrays.setAll(boxed, i -> divisors[i]);
            return new Divided(List.of(boxed), attentionFactor);
        }
    }
}
