package dev.candor.bench;

import dev.candor.hub.importer.source.EncodedTensor;
import dev.candor.hub.importer.source.Role;
import dev.candor.hub.importer.source.TensorType;
import dev.candor.hub.importer.source.WeightMatrix;
import dev.candor.hub.importer.source.WeightSource;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Weights that make no sense but have the size of sense: the same on every machine. A matrix repeats its first rows, so that a vocabulary
 * of any size takes little memory; what a step costs does not depend on it.
 */
final class RandomWeights implements WeightSource {
    private static final ValueLayout.OfShort HALF = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int ROWS = 509;
    private static final double SPREAD = 0.6;

    private final SplittableRandom random = new SplittableRandom(20261121);
    private final Map<Integer, EncodedTensor> byWidth = new HashMap<>();

    /** All heads are the embedding's table. */
    @Override
    public boolean has(Role role, int layer) {
        return role != Role.HEAD;
    }

    @Override
    public WeightMatrix.Part matrix(Role role, int layer, int rows, int columns) {
        EncodedTensor tensor = byWidth.computeIfAbsent(columns, this::draw);
        int shift = 31 * role.ordinal() + layer;
        return new WeightMatrix.Part(tensor, rows, row -> (row + shift) % ROWS);
    }

    private EncodedTensor draw(int columns) {
        byte[] data = new byte[ROWS * columns * Short.BYTES];
        MemorySegment segment = MemorySegment.ofArray(data);
        double bound = SPREAD / Math.sqrt(columns);
        for (long i = 0; i < (long) ROWS * columns; i++) {
            segment.set(
                    HALF,
                    i * Short.BYTES,
                    Float.floatToFloat16((float) random.nextDouble(-bound, bound)));
        }
        return new EncodedTensor("random." + columns, TensorType.F16, List.of((long) columns, (long) ROWS), segment);
    }

    @Override
    public float[] vector(Role role, int layer, int length) {
        float[] vector = new float[length];
        boolean bias = role == Role.QUERY_BIAS || role == Role.KEY_BIAS || role == Role.VALUE_BIAS || role == Role.OUTPUT_BIAS;
        Arrays.fill(vector, bias ? 0.01f : 1);
        return vector;
    }

    @Override
    public long takenBytes() {
        return 0;
    }

    @Override
    public long bytes() {
        return 0;
    }

    @Override
    public void requireAllTaken() {
        // There are as many tensors as are asked for.
    }
}
