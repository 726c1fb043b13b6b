package dev.candor.hub.importer.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candor.hub.importer.source.ImportException;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class DecoderSpecTest {
    private static final DecoderSpec.Parts PARTS = new DecoderSpec.Parts(false, false, false, false, true);
    private static final Rope ROPE = Rope.plain(10_000, 32);

    @Test
    void aSoundSpecPasses() throws ImportException {
        assertThat(spec(128, 4, 2, 32, 512, ROPE).checked().queryWidth()).isEqualTo(128);
    }

    @Test
    void lengthsOutOfBoundsAreNamed() {
        assertRefused(spec(0, 4, 2, 32, 512, ROPE), "the hidden size is 0, allowed is 1 to 1048576");
        assertRefused(spec(128, 5000, 2, 32, 512, ROPE), "the number of heads is 5000");
        assertRefused(spec(128, 4, 8, 32, 512, ROPE), "the number of key-value heads is 8, allowed is 1 to 4");
        assertRefused(spec(128, 4, 3, 32, 512, ROPE), "4 heads, no multiple of its 3");
        assertRefused(spec(128, 4, 2, 20, 512, ROPE), "heads are 20 wide");
        assertRefused(spec(128, 4, 2, 32, 1 << 23, ROPE), "longer than is imported; give a shorter context");
    }

    @Test
    void scalesThatAreNoNumbersAreNamed() {
        assertRefused(scaled(new DecoderSpec.Scales(Float.NaN, 1, 0, 0)), "scales by NaN");
        assertRefused(scaled(new DecoderSpec.Scales(1, 0, 0, 0)), "scales by 0.0");
        assertRefused(scaled(new DecoderSpec.Scales(1, 1, -1, 0)), "soft cap of -1.0");
        assertRefused(scaled(new DecoderSpec.Scales(1, 1, 0, Float.POSITIVE_INFINITY)), "soft cap of Infinity");
    }

    @Test
    void rotaryNumbersThatMakeNoSenseAreNamed() {
        assertRefused(roped(Rope.plain(Double.NaN, 32)), "rotary embedding's base is NaN");
        assertRefused(roped(Rope.plain(10_000, 64)), "rotates 64 of the 32 dimensions");
        assertRefused(roped(Rope.plain(10_000, 24)), "must be a multiple of 16");
        assertRefused(roped(new Rope(10_000, 32, new RopeScaling.Linear(0))), "rotary embedding's factor is 0.0");
        assertRefused(roped(new Rope(10_000, 32, new RopeScaling.Llama3(8, 4, 4, 128))), "low frequency factor is 4.0, it must be less");
        assertRefused(roped(new Rope(10_000, 32, new RopeScaling.Yarn(4, 32, 1, 0, 1, true))), "original context is 0.0");
        assertRefused(roped(new Rope(10_000, 32, new RopeScaling.Divided(Collections.nCopies(8, 1f), 1))), "8 rotary factors, 16 are needed");
        assertRefused(roped(new Rope(10_000, 32, new RopeScaling.Divided(Collections.nCopies(16, 0f), 1))), "factor is 0.0");
    }

    private static void assertRefused(DecoderSpec spec, String message) {
        assertThatThrownBy(spec::checked).isInstanceOf(ImportException.class).hasMessageContaining(message);
    }

    private static DecoderSpec roped(Rope rope) {
        return spec(128, 4, 2, 32, 512, rope);
    }

    private static DecoderSpec scaled(DecoderSpec.Scales scales) {
        return new DecoderSpec("toy", 128, 4, 2, 32, 256, 100, 512, 1e-5f, Activation.SILU, List.of(LayerAttention.global(ROPE)), PARTS, scales);
    }

    private static DecoderSpec spec(int hidden, int heads, int kvHeads, int headSize, int context, Rope rope) {
        return new DecoderSpec(
                "toy", hidden, heads, kvHeads, headSize, 256, 100, context, 1e-5f, Activation.SILU, List.of(LayerAttention.global(rope)), PARTS,
                DecoderSpec.Scales.plain(headSize));
    }
}
