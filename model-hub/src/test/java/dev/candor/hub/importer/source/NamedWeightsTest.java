package dev.candor.hub.importer.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NamedWeightsTest {
    private final EncodedTensor matrix = tensor("m", 1, 12);
    private final EncodedTensor vector = tensor("v", 12);

    @Test
    void rowsInterleavedByHeadComeBackHalfAfterHalf() throws IOException {
        NamedWeights weights = new NamedWeights(Map.of("m", matrix), (role, layer) -> TensorNaming.Place.of("m").interleavedHeads(4));

        assertThat(rows(weights.matrix(Role.QUERY, 0, 12, 1))).containsExactly(0f, 2f, 1f, 3f, 4f, 6f, 5f, 7f, 8f, 10f, 9f, 11f);
    }

    @Test
    void aPartOfAPackedTensorIsItsOwnMatrix() throws IOException {
        NamedWeights weights = new NamedWeights(Map.of("m", matrix), (role, layer) -> TensorNaming.Place.within("m", 4, 12));

        assertThat(rows(weights.matrix(Role.KEY, 0, 3, 1))).containsExactly(4f, 5f, 6f);
        assertThatThrownBy(() -> weights.matrix(Role.KEY, 0, 3, 2)).isInstanceOf(ImportException.class).hasMessageContaining("tensor m is 1x12");
    }

    @Test
    void vectorsAreOrderedSlicedAndShiftedLikeTheirMatrices() throws IOException {
        NamedWeights weights =
                new NamedWeights(Map.of("v", vector), (role, layer) -> TensorNaming.Place.within("v", 4, 12).interleavedHeads(4).plus(1));

        assertThat(weights.vector(Role.QUERY_BIAS, 0, 4)).containsExactly(5f, 7f, 6f, 8f);
    }

    @Test
    void countsWhatIsTakenOnceAndNamesWhatIsLeft() throws IOException {
        TensorNaming naming = new TensorNaming() {
            @Override
            public Place place(Role role, int layer) {
                return Place.of(role == Role.QUERY ? "m" : "other");
            }

            @Override
            public boolean ignorable(String name) {
                return name.equals("spare");
            }
        };
        NamedWeights weights = new NamedWeights(Map.of("m", matrix, "v", vector, "spare", tensor("spare", 12)), naming);
        weights.matrix(Role.QUERY, 0, 12, 1);
        weights.matrix(Role.QUERY, 0, 12, 1);

        assertThat(weights.takenBytes()).isEqualTo(48);
        assertThat(weights.bytes()).isEqualTo(144);
        assertThat(weights.has(Role.KEY, 0)).isFalse();
        assertThatThrownBy(() -> weights.matrix(Role.KEY, 0, 1, 1)).hasMessageContaining("tensor other is missing");
        assertThatThrownBy(weights::requireAllTaken).isInstanceOf(ImportException.class).hasMessageContaining("tensor v has no place");
    }

    private static List<Float> rows(WeightMatrix.Part part) throws IOException {
        List<Float> values = new ArrayList<>();
        float[] row = new float[1];
        WeightMatrix.of(part).forEachRow(one -> {
            one.decode(0, 1, row);
            values.add(row[0]);
        });
        return values;
    }

    private static EncodedTensor tensor(String name, long... dimensions) {
        ByteBuffer bytes = ByteBuffer.allocate(48).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 12; i++) {
            bytes.putFloat(i);
        }
        List<Long> lengths = new ArrayList<>();
        for (long dimension : dimensions) {
            lengths.add(dimension);
        }
        return new EncodedTensor(name, TensorType.F32, lengths, MemorySegment.ofArray(bytes.array()));
    }
}
