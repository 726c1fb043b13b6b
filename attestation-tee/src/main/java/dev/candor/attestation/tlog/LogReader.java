package dev.candor.attestation.tlog;

import dev.candor.attestation.digest.Digest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The read side of a log directory: its checkpoint, entries, proofs and files. Takes no lock and may be used while a writer
 * appends. Thread-safe.
 */
public final class LogReader {
    private final LogFiles files;
    private final CheckpointSource source;

    /** Where the last published checkpoint comes from. */
    @FunctionalInterface
    interface CheckpointSource {
        SignedCheckpoint read() throws IOException;
    }

    LogReader(LogFiles files, CheckpointSource source) {
        this.files = files;
        this.source = source;
    }

    /** A reader of the log in {@code directory}, whose checkpoints {@code key} signs. */
    public static LogReader open(Path directory, LogVerifierKey key) {
        LogFiles files = new LogFiles(directory);
        return new LogReader(files, () -> readCheckpoint(files, key));
    }

    static SignedCheckpoint readCheckpoint(LogFiles files, LogVerifierKey key) throws IOException {
        byte[] note = files.readCheckpoint().orElseThrow(() -> new LogStateException("the log " + files.root()
                + " has no checkpoint; restore it, since starting anew would contradict what was published"));
        try {
            return SignedCheckpoint.open(note, key);
        } catch (LogProofException e) {
            throw new LogStateException("the checkpoint of the log " + files.root() + " cannot be believed: " + e.getMessage(), e);
        }
    }

    /**
     * The last published checkpoint, verified.
     *
     * @throws LogStateException if there is none or its signature is wrong
     */
    public SignedCheckpoint checkpoint() throws IOException {
        return source.read();
    }

    /**
     * The proof that entry {@code index} is in the tree of the first {@code size} entries.
     *
     * @throws IllegalArgumentException unless {@code 0 <= index < size <= } the checkpoint's size
     */
    public InclusionProof inclusionProof(long index, long size) throws IOException {
        TileTree tree = tree(size);
        if (index < 0 || index >= size) {
            throw new IllegalArgumentException("leaf index " + index + " is not in a tree of size " + size);
        }
        return tree.inclusionProof(index, size);
    }

    /**
     * The proof that the tree of {@code newSize} entries begins with that of {@code oldSize}.
     *
     * @throws IllegalArgumentException unless {@code 1 <= oldSize <= newSize <= } the checkpoint's size
     */
    public ConsistencyProof consistencyProof(long oldSize, long newSize) throws IOException {
        TileTree tree = tree(newSize);
        if (oldSize < 1 || oldSize > newSize) {
            throw new IllegalArgumentException("no consistency proof leads from size " + oldSize + " to size " + newSize);
        }
        return tree.consistencyProof(oldSize, newSize);
    }

    /**
     * The root of the tree of the first {@code size} entries.
     *
     * @throws IllegalArgumentException if {@code size} is negative or above the checkpoint's
     */
    public Digest root(long size) throws IOException {
        return tree(size).root(size);
    }

    /** At most {@code limit} entries from index {@code from} on, in order; none past the checkpoint's size. */
    public List<byte[]> entries(long from, int limit) throws IOException {
        if (from < 0 || limit < 0) {
            throw new IllegalArgumentException("entries from " + from + ", at most " + limit);
        }
        long size = checkpoint().size();
        long end = from >= size ? from : from + Math.min(limit, size - from);
        TileTree tree = new TileTree(files, size);
        List<byte[]> entries = new ArrayList<>();
        for (long at = from; at < end; ) {
            List<byte[]> bundle = tree.bundle(at / TilePath.FULL);
            int first = (int) (at % TilePath.FULL);
            int last = (int) Math.min(bundle.size(), first + (end - at));
            entries.addAll(bundle.subList(first, last));
            at += last - first;
        }
        return entries;
    }

    /**
     * The bytes to serve for {@code path} under the log's URL: {@code checkpoint} or a tile's path in its one spelling.
     * Empty for every other path and for tiles that do not exist.
     */
    public Optional<byte[]> file(String path) throws IOException {
        if (path.equals(LogFiles.CHECKPOINT)) {
            return Optional.of(checkpoint().note().bytes());
        }
        try {
            return files.read(TilePath.parse(path));
        } catch (LogFormatException e) {
            return Optional.empty();
        }
    }

    private TileTree tree(long upTo) throws IOException {
        long size = checkpoint().size();
        if (upTo < 0 || upTo > size) {
            throw new IllegalArgumentException("the log has " + size + " entries, asked for a tree of " + upTo);
        }
        return new TileTree(files, size);
    }
}
