package dev.candor.attestation.tlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candor.attestation.digest.Digest;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ProofsTest {
    private static final int LEAVES = 40;

    private final List<byte[]> entries = LogSamples.entries(0, LEAVES);
    private final NaiveTree tree = new NaiveTree(entries);

    @Test
    void everyLeafOfEverySmallTreeVerifies() throws Exception {
        for (int size = 1; size <= LEAVES; size++) {
            for (int index = 0; index < size; index++) {
                new InclusionProof(index, size, tree.path(index, size)).verify(leaf(index), tree.root(size));
            }
        }
    }

    @Test
    void everyPairOfSmallSizesIsConsistent() throws Exception {
        for (int newSize = 1; newSize <= LEAVES; newSize++) {
            for (int oldSize = 1; oldSize <= newSize; oldSize++) {
                new ConsistencyProof(oldSize, newSize, tree.consistency(oldSize, newSize))
                        .verify(tree.root(oldSize), tree.root(newSize));
            }
        }
    }

    @Test
    void aProofForOneLeafAndSizeServesNoOther() {
        for (int size = 1; size <= 12; size++) {
            for (int index = 0; index < size; index++) {
                List<Digest> path = tree.path(index, size);
                for (int claimed = 0; claimed <= 70; claimed++) {
                    if (claimed != index) {
                        Digest root = tree.root(size);
                        InclusionProof forged = new InclusionProof(claimed, size, path);
                        Digest leaf = leaf(index);
                        assertThatThrownBy(() -> forged.verify(leaf, root)).isInstanceOf(LogProofException.class);
                    }
                }
            }
        }
    }

    @Test
    void leafZeroOfTwoIsNotLeafSixOfAThousand() {
        InclusionProof forged = new InclusionProof(6, 1000, tree.path(0, 2));

        assertThatThrownBy(() -> forged.verify(leaf(0), tree.root(2)))
                .isInstanceOf(LogProofException.class)
                .hasMessageContaining("only 1 hashes")
                .hasMessageContaining("leaf 6 of a tree of size 1000");
    }

    @Test
    void theMessageHoldsBothRoots() {
        InclusionProof proof = new InclusionProof(3, 7, tree.path(3, 7));
        Digest other = tree.root(8);

        assertThatThrownBy(() -> proof.verify(leaf(3), other))
                .isInstanceOf(LogProofException.class)
                .hasMessageContaining(other.hex())
                .hasMessageContaining(tree.root(7).hex());
    }

    @Test
    void indexesAndSizesOutsideTheTreeAreRefused() {
        assertThatThrownBy(() -> new InclusionProof(1, 1, List.of()).verify(leaf(0), leaf(0)))
                .isInstanceOf(LogProofException.class)
                .hasMessageContaining("leaf index 1 is not in a tree of size 1");
        assertThatThrownBy(() -> new InclusionProof(-1, 1, List.of()).verify(leaf(0), leaf(0)))
                .isInstanceOf(LogProofException.class);
        assertThatThrownBy(() -> new InclusionProof(0, -1, List.of()).verify(leaf(0), leaf(0)))
                .isInstanceOf(LogProofException.class);
        assertThatThrownBy(() -> new ConsistencyProof(0, 4, List.of()).verify(MerkleHash.emptyRoot(), tree.root(4)))
                .isInstanceOf(LogProofException.class)
                .hasMessageContaining("from size 0 to size 4");
        assertThatThrownBy(() -> new ConsistencyProof(5, 4, List.of()).verify(tree.root(5), tree.root(4)))
                .isInstanceOf(LogProofException.class);
    }

    @Test
    void anyChangedDroppedOrAddedHashIsFound() {
        Random random = new Random(11);
        for (int round = 0; round < 400; round++) {
            int newSize = 2 + random.nextInt(LEAVES - 1);
            int oldSize = 1 + random.nextInt(newSize - 1);
            int index = random.nextInt(newSize);
            List<Digest> path = mutated(tree.path(index, newSize), random);
            List<Digest> consistency = mutated(tree.consistency(oldSize, newSize), random);
            assertThatThrownBy(() -> new InclusionProof(index, newSize, path).verify(leaf(index), tree.root(newSize)))
                    .isInstanceOf(LogProofException.class);
            assertThatThrownBy(() -> new ConsistencyProof(oldSize, newSize, consistency)
                            .verify(tree.root(oldSize), tree.root(newSize)))
                    .isInstanceOf(LogProofException.class);
        }
    }

    @Test
    void theEmptyRootIsTheHashOfNothing() {
        assertThat(MerkleHash.emptyRoot().hex())
                .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }

    private static List<Digest> mutated(List<Digest> proof, Random random) {
        List<Digest> mutated = new ArrayList<>(proof);
        int at = mutated.isEmpty() ? 0 : random.nextInt(mutated.size());
        switch (mutated.isEmpty() ? 2 : random.nextInt(3)) {
            case 0 -> mutated.remove(at);
            case 1 -> {
                byte[] bytes = mutated.get(at).bytes();
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                mutated.set(at, Digest.of(bytes));
            }
            default -> mutated.add(at, Digest.sha256(new byte[] {(byte) random.nextInt()}));
        }
        return mutated;
    }

    private static Digest leaf(int index) {
        return MerkleHash.leaf(LogSamples.entry(index));
    }
}
