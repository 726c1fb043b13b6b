package dev.candor.attestation.tlog;

import dev.candor.attestation.digest.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** One pass over a log's files: bundles in order, each tile as its last hash arrives, then every file's name. */
final class FsckTree {
    private final LogFiles files;
    private final Checkpoint checkpoint;
    private final FsckFaults faults;
    private final TreeEdge edge = new TreeEdge();

    FsckTree(LogFiles files, Checkpoint checkpoint, FsckFaults faults) {
        this.files = files;
        this.checkpoint = checkpoint;
        this.faults = faults;
    }

    long entries() {
        return edge.size();
    }

    void check() throws IOException {
        if (checkpoint.size() == 0) {
            compareRoot();
        }
        boolean more = true;
        for (long index = 0; more; index++) {
            more = checkBundle(index);
        }
        for (int level = 0; level < edge.levels(); level++) {
            if (edge.width(level) > 0) {
                checkTile(new TilePath(level, edge.index(level), edge.width(level)), edge.partial(level));
            }
        }
        if (edge.size() < checkpoint.size()) {
            faults.add("tile/entries: readable up to entry " + edge.size() + ", but the checkpoint covers " + checkpoint.size());
        }
    }

    /** Reads one bundle into the tree; false if no later one can follow. */
    private boolean checkBundle(long index) throws IOException {
        TilePath full = new TilePath(TilePath.ENTRIES, index, TilePath.FULL);
        List<TilePath> present = present(full);
        int published = TilePath.widthAt(TilePath.ENTRIES, index, checkpoint.size());
        if (present.isEmpty()) {
            if (published > 0) {
                faults.add(full.withWidth(published).path() + ": missing");
            }
            return false;
        }
        TilePath widest = present.getLast();
        byte[] content = read(widest);
        requirePublished(full, published, present);
        checkPrefixes(present, content, widest.path());
        return content.length > 0 && addEntries(widest, content) && !widest.isPartial();
    }

    private boolean addEntries(TilePath bundle, byte[] content) throws IOException {
        List<byte[]> entries;
        try {
            entries = EntryBundle.decode(content, bundle.width());
        } catch (LogFormatException e) {
            return false;
        }
        for (byte[] entry : entries) {
            edge.append(MerkleHash.leafBytes(entry), this::checkTile);
            if (edge.size() == checkpoint.size()) {
                compareRoot();
            }
        }
        return true;
    }

    private void compareRoot() {
        Digest root = edge.root();
        if (!root.equals(checkpoint.root())) {
            faults.add(LogFiles.CHECKPOINT + ": states root " + checkpoint.root().hex() + " at size " + checkpoint.size()
                    + ", but the entries lead to " + root.hex());
        }
    }

    /** Compares every file at the tile's place with the hashes that the entries give. */
    private void checkTile(TilePath tile, byte[] hashes) throws IOException {
        TilePath full = tile.withWidth(TilePath.FULL);
        List<TilePath> present = present(full);
        requirePublished(full, TilePath.widthAt(tile.level(), tile.index(), checkpoint.size()), present);
        checkPrefixes(present, hashes, "the entries");
    }

    private void requirePublished(TilePath full, int width, List<TilePath> present) {
        boolean found = width == 0 || present.contains(full) || present.contains(full.withWidth(width));
        if (!found) {
            faults.add(full.withWidth(width).path() + ": missing");
        }
    }

    /** Each narrower file must be what the widest content begins with. */
    private void checkPrefixes(List<TilePath> present, byte[] expected, String from) throws IOException {
        for (TilePath path : present) {
            byte[] content = read(path);
            int differs = Arrays.mismatch(content, expected);
            if (differs >= 0 && differs < Math.min(content.length, expected.length)) {
                faults.add(path.path() + ": differs from " + from + " at byte " + differs
                        + (path.isEntries() ? "" : hashes(content, expected, differs)));
            }
            if (path.isEntries()) {
                checkEntryCount(path, content);
            } else {
                checkHashCount(path, content, expected);
            }
        }
    }

    private void checkHashCount(TilePath tile, byte[] content, byte[] expected) {
        int bytes = tile.width() * MerkleHash.BYTES;
        if (content.length != bytes) {
            faults.add(tile.path() + ": has " + content.length + " bytes, not " + bytes);
        } else if (content.length > expected.length) {
            faults.add(tile.path() + ": has " + tile.width() + " hashes, but there are entries for only "
                    + expected.length / MerkleHash.BYTES);
        }
    }

    private void checkEntryCount(TilePath bundle, byte[] content) {
        try {
            EntryBundle.decode(content, bundle.width());
        } catch (LogFormatException e) {
            faults.add(bundle.path() + ": " + e.getMessage());
        }
    }

    private static String hashes(byte[] content, byte[] expected, int at) {
        int start = at - at % MerkleHash.BYTES;
        if (content.length < start + MerkleHash.BYTES || expected.length < start + MerkleHash.BYTES) {
            return "";
        }
        return ": hash " + start / MerkleHash.BYTES + " is "
                + Digest.of(Arrays.copyOfRange(content, start, start + MerkleHash.BYTES)).hex() + ", should be "
                + Digest.of(Arrays.copyOfRange(expected, start, start + MerkleHash.BYTES)).hex();
    }

    /** The files at one place, narrowest first, the full one last. */
    private List<TilePath> present(TilePath full) throws IOException {
        List<TilePath> present = new ArrayList<>();
        for (int width : files.partialWidths(full)) {
            present.add(full.withWidth(width));
        }
        if (Files.exists(files.path(full))) {
            present.add(full);
        }
        return present;
    }

    /** The file's bytes; none, with a fault, if it is larger than it can be. */
    private byte[] read(TilePath path) throws IOException {
        try {
            Optional<byte[]> content = files.read(path);
            return content.orElse(new byte[0]);
        } catch (LogStateException e) {
            faults.add(path.path() + ": " + e.getMessage());
            return new byte[0];
        }
    }
}
