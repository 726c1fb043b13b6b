package dev.candor.hub.importer.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Collections;
import org.junit.jupiter.api.Test;

/** The formulas themselves; that they are the models' own is shown by the goldens of whole decoders. */
class RotaryFrequenciesTest {
    private static final double[] PLAIN = new RotaryFrequencies(Rope.plain(10_000, 64)).values();

    @Test
    void plainFrequenciesFallFromOne() {
        assertThat(PLAIN).hasSize(32);
        assertThat(PLAIN[0]).isEqualTo(1);
        assertThat(PLAIN[16]).isCloseTo(0.01, within(1e-15));
    }

    @Test
    void linearAndDividedScalingDivide() {
        assertThat(values(new RopeScaling.Linear(8))[16]).isCloseTo(0.01 / 8, within(1e-15));
        RotaryFrequencies divided = of(new RopeScaling.Divided(Collections.nCopies(32, 4f), 1.5));
        assertThat(divided.values()[16]).isCloseTo(0.01 / 4, within(1e-15));
        assertThat(divided.attentionFactor()).isEqualTo(1.5);
    }

    @Test
    void llama3KeepsWhatTurnsOftenAndDividesWhatTurnsRarely() {
        double[] scaled = values(new RopeScaling.Llama3(8, 1, 4, 8192));
        assertThat(scaled[0]).isEqualTo(PLAIN[0]);
        assertThat(scaled[31]).isCloseTo(PLAIN[31] / 8, within(1e-15));
        for (int i = 0; i < 32; i++) {
            assertThat(scaled[i]).isBetween(PLAIN[i] / 8, PLAIN[i]);
        }
    }

    @Test
    void yarnBlendsBetweenItsBordersAndRaisesAttention() {
        double factor = RopeScaling.Yarn.defaultAttentionFactor(4);
        RotaryFrequencies yarn = of(new RopeScaling.Yarn(4, 32, 1, 4096, factor, true));
        assertThat(yarn.values()[0]).isEqualTo(PLAIN[0]);
        assertThat(yarn.values()[31]).isCloseTo(PLAIN[31] / 4, within(1e-15));
        assertThat(yarn.attentionFactor()).isCloseTo(0.1 * Math.log(4) + 1, within(1e-15));
        assertThat(RopeScaling.Yarn.defaultAttentionFactor(0.5)).isEqualTo(1);
    }

    private static double[] values(RopeScaling scaling) {
        return of(scaling).values();
    }

    private static RotaryFrequencies of(RopeScaling scaling) {
        return new RotaryFrequencies(new Rope(10_000, 64, scaling));
    }
}
