package dev.candor.attestation.tlog;

import dev.candor.attestation.digest.Digest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads the right edge of a log from its last tiles and checks it before anything is built upon it. */
final class EdgeLoader {
    private static final int BITS = 8;

    private final LogFiles files;
    private final Checkpoint checkpoint;
    private final TileTree tree;

    EdgeLoader(LogFiles files, Checkpoint checkpoint) {
        this.files = files;
        this.checkpoint = checkpoint;
        this.tree = new TileTree(files, checkpoint.size());
    }

    /** @throws LogStateException if the last tiles do not lead to the checkpoint's root, or the last entries not to the tile */
    TreeEdge load() throws IOException {
        long size = checkpoint.size();
        List<byte[]> partials = new ArrayList<>();
        for (int level = 0; level <= TilePath.MAX_LEVEL && size >>> (BITS * level) > 0; level++) {
            long index = TilePath.lastIndex(level, size);
            partials.add(TilePath.widthAt(level, index, size) == 0 ? new byte[0] : tree.tile(level, index));
        }
        TreeEdge edge = new TreeEdge(size, partials);
        Digest root = edge.root();
        if (!root.equals(checkpoint.root())) {
            throw new LogStateException("the tiles of the log " + files.root() + " lead to root " + root.hex() + " at size " + size
                    + ", but its checkpoint states " + checkpoint.root().hex() + "; run: candor log fsck");
        }
        requireLastBundle();
        return edge;
    }

    private void requireLastBundle() throws IOException {
        if (checkpoint.size() == 0) {
            return;
        }
        long index = (checkpoint.size() - 1) / TilePath.FULL;
        byte[] hashes = tree.tile(0, index);
        List<byte[]> entries = tree.bundle(index);
        for (int i = 0; i < entries.size(); i++) {
            byte[] hash = MerkleHash.leafBytes(entries.get(i));
            int at = i * MerkleHash.BYTES;
            if (!Arrays.equals(hash, 0, hash.length, hashes, at, at + hash.length)) {
                throw new LogStateException("entry " + (index * TilePath.FULL + i) + " of the log " + files.root()
                        + " does not have the leaf hash that its tile states; run: candor log fsck");
            }
        }
    }
}
