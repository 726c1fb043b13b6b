package dev.candor.hub.importer.decoder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candor.hub.onnx.ElementType;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FourBitSearchTest {
    private final FourBitSearch search = new FourBitSearch(ElementType.FLOAT);

    @Test
    void blocksOnTheGridAreKeptExactly() {
        float[] values = new float[64];
        for (int i = 0; i < 32; i++) {
            values[32 + i] = 0.5f * (i % 16 - 5);
        }
        search.round(values, 32, 0);

        assertThat(search.scale()).isEqualTo(0.5f);
        assertThat(search.zero()).isEqualTo(5);
        assertThat(error(values, 32)).isZero();
    }

    @Test
    void aScaleOfTheFileIsTriedFirst() {
        float[] values = new float[32];
        for (int i = 0; i < 32; i++) {
            values[i] = 0.25f * (i % 8);
        }
        search.round(values, 0, 0.25f);

        assertThat(search.scale()).isEqualTo(0.25f);
        assertThat(error(values, 0)).isZero();
    }

    @Test
    void zerosStayZeros() {
        search.round(new float[32], 0, 0);

        assertThat(search.scale()).isPositive();
        assertThat(error(new float[32], 0)).isZero();
    }

    @Test
    void theSearchIsNeverWorseThanTheObviousScale() {
        SplittableRandom random = new SplittableRandom(7);
        for (int run = 0; run < 200; run++) {
            float[] values = new float[32];
            for (int i = 0; i < 32; i++) {
                values[i] = (float) (random.nextGaussian() * 0.02);
            }
            search.round(values, 0, 0);

            assertThat(Arrays.stream(search.weights())).allMatch(weight -> weight >= 0 && weight <= 15);
            assertThat(error(values, 0)).isLessThanOrEqualTo(obvious(values) + 1e-9);
        }
    }

    private double error(float[] values, int from) {
        double sum = 0;
        for (int i = 0; i < 32; i++) {
            double error = search.scale() * (search.weights()[i] - search.zero()) - values[from + i];
            sum += error * error;
        }
        return sum;
    }

    private static double obvious(float[] values) {
        float low = 0;
        float high = 0;
        for (float value : values) {
            low = Math.min(low, value);
            high = Math.max(high, value);
        }
        float scale = (high - low) / 15;
        int zero = Math.clamp((int) Math.floor(-low / scale), 0, 15);
        double sum = 0;
        for (float value : values) {
            int quant = Math.clamp((int) Math.floor(value / scale + zero + 0.5f), 0, 15);
            double error = scale * (quant - zero) - value;
            sum += error * error;
        }
        return sum;
    }
}
