package dev.candor.attestation.tlog;

import dev.candor.attestation.digest.Digest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The right edge of a growing tree: the partial tile of each level, which is all that is needed to append and to compute
 * the root. At most 8 KiB a level.
 */
final class TreeEdge {
    private static final int BITS = 8;

    private final List<byte[]> levels = new ArrayList<>();
    private long size;

    /** Is given each tile when its last hash arrives. */
    @FunctionalInterface
    interface TileSink {
        void full(TilePath tile, byte[] hashes) throws IOException;
    }

    /** The edge of the empty tree. */
    TreeEdge() {}

    /**
     * The edge of a tree of {@code size} leaves.
     *
     * @param partials of each level, lowest first, the hashes of its partial tile, 32 bytes each
     */
    TreeEdge(long size, List<byte[]> partials) {
        this.size = size;
        for (byte[] partial : partials) {
            levels.add(Arrays.copyOf(partial, TilePath.FULL * MerkleHash.BYTES));
        }
    }

    TreeEdge copy() {
        return new TreeEdge(size, levels);
    }

    long size() {
        return size;
    }

    int levels() {
        return levels.size();
    }

    void append(byte[] leafHash, TileSink sink) throws IOException {
        byte[] hash = leafHash;
        for (int level = 0; ; level++) {
            if (level == levels.size()) {
                levels.add(new byte[TilePath.FULL * MerkleHash.BYTES]);
            }
            byte[] tile = levels.get(level);
            int position = width(level);
            System.arraycopy(hash, 0, tile, position * MerkleHash.BYTES, MerkleHash.BYTES);
            if (position < TilePath.FULL - 1) {
                break;
            }
            sink.full(new TilePath(level, index(level), TilePath.FULL), tile.clone());
            hash = MerkleHash.perfect(tile, 0, TilePath.FULL);
        }
        size++;
    }

    /** Hashes in the partial tile of {@code level}, 0..255. */
    int width(int level) {
        return (int) (size >>> (BITS * level)) & (TilePath.FULL - 1);
    }

    /** Index of the partial tile of {@code level}. */
    long index(int level) {
        return TilePath.lastIndex(level, size);
    }

    /** The hashes of the partial tile of {@code level}. */
    byte[] partial(int level) {
        return Arrays.copyOf(levels.get(level), width(level) * MerkleHash.BYTES);
    }

    /** The root: the perfect subtrees that the bits of the size stand for, joined from the smallest up. */
    Digest root() {
        byte[] root = null;
        for (int level = 0; level < levels.size(); level++) {
            int end = width(level);
            while (end > 0) {
                int count = Integer.lowestOneBit(end);
                end -= count;
                byte[] subtree = MerkleHash.perfect(levels.get(level), end, count);
                root = root == null ? subtree : MerkleHash.node(subtree, root);
            }
        }
        return root == null ? MerkleHash.emptyRoot() : Digest.of(root);
    }
}
