package dev.candor.attestation.tlog;

import dev.candor.attestation.digest.Digest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The tree as the tiles on the disk hold it when the log has {@code size} entries. Lives for one question; holds the few
 * tiles that the question touches. Not thread-safe.
 */
final class TileTree {
    private static final int BITS = 8;

    private final LogFiles files;
    private final long size;
    private final Map<TilePath, byte[]> tiles = new HashMap<>();

    TileTree(LogFiles files, long size) {
        this.files = files;
        this.size = size;
    }

    InclusionProof inclusionProof(long index, long of) throws IOException {
        List<Digest> path = new ArrayList<>();
        long begin = 0;
        long end = of;
        while (end - begin > 1) {
            long middle = begin + Long.highestOneBit(end - begin - 1);
            if (index < middle) {
                path.add(Digest.of(root(middle, end)));
                end = middle;
            } else {
                path.add(Digest.of(root(begin, middle)));
                begin = middle;
            }
        }
        Collections.reverse(path);
        return new InclusionProof(index, of, path);
    }

    ConsistencyProof consistencyProof(long oldSize, long newSize) throws IOException {
        List<Digest> path = new ArrayList<>();
        long begin = 0;
        long end = newSize;
        while (oldSize != end) {
            long middle = begin + Long.highestOneBit(end - begin - 1);
            if (oldSize <= middle) {
                path.add(Digest.of(root(middle, end)));
                end = middle;
            } else {
                path.add(Digest.of(root(begin, middle)));
                begin = middle;
            }
        }
        if (begin > 0) {
            path.add(Digest.of(root(begin, end)));
        }
        Collections.reverse(path);
        return new ConsistencyProof(oldSize, newSize, path);
    }

    Digest root(long of) throws IOException {
        return of == 0 ? MerkleHash.emptyRoot() : Digest.of(root(0, of));
    }

    /** MTH(D[begin:end]) of RFC 6962 section 2.1, for ranges that its recursion meets. */
    private byte[] root(long begin, long end) throws IOException {
        long count = end - begin;
        if (Long.bitCount(count) == 1) {
            int height = Long.numberOfTrailingZeros(count);
            return perfect(height, begin >>> height);
        }
        long middle = begin + Long.highestOneBit(count);
        return MerkleHash.node(root(begin, middle), root(middle, end));
    }

    private byte[] perfect(int height, long index) throws IOException {
        int level = height / BITS;
        int above = height % BITS;
        long first = index << above;
        byte[] tile = tile(level, first / TilePath.FULL);
        return MerkleHash.perfect(tile, (int) (first % TilePath.FULL), 1 << above);
    }

    /** At least the hashes that the tile has at this size, 32 bytes each. */
    byte[] tile(int level, long index) throws IOException {
        TilePath path = TilePath.at(level, index, size);
        byte[] cached = tiles.get(path);
        if (cached == null) {
            cached = load(path);
            tiles.put(path, cached);
        }
        return cached;
    }

    /** The entries of bundle {@code index} that belong to this size. */
    List<byte[]> bundle(long index) throws IOException {
        TilePath path = TilePath.at(TilePath.ENTRIES, index, size);
        Found found = find(path);
        try {
            return EntryBundle.decode(found.content(), found.path().width()).subList(0, path.width());
        } catch (LogFormatException e) {
            throw new LogStateException(found.path().path() + ": " + e.getMessage() + "; run: candor log fsck", e);
        }
    }

    private byte[] load(TilePath path) throws IOException {
        Found found = find(path);
        int expected = found.path().width() * MerkleHash.BYTES;
        if (found.content().length != expected) {
            throw new LogStateException(found.path().path() + " has " + found.content().length + " bytes, not " + expected
                    + "; run: candor log fsck");
        }
        return found.content();
    }

    private record Found(TilePath path, byte[] content) {}

    /** A partial tile may be gone once the full one is there. */
    private Found find(TilePath path) throws IOException {
        Optional<byte[]> exact = files.read(path);
        if (exact.isPresent()) {
            return new Found(path, exact.get());
        }
        TilePath full = path.withWidth(TilePath.FULL);
        byte[] content = files.read(full).orElseThrow(() -> new LogStateException(
                path.path() + " is missing, but the log has " + size + " entries; run: candor log fsck"));
        return new Found(full, content);
    }
}
