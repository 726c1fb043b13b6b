package dev.candor.attestation.tlog;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The one writer of a log directory (C2SP tlog-tiles). An append writes entry bundles, then hash tiles, then the checkpoint,
 * each durable before the next; until the checkpoint is renamed into place the earlier one stays true, and the same entries
 * can be appended again. Files past the checkpoint that hold other entries are never replaced: they may have been read.
 *
 * <p>Thread-safe; appends wait for each other, reads do not wait.
 */
public final class TileLog implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(TileLog.class.getName());

    private final LogFiles files;
    private final LogKey signer;
    private final LogLock lock;
    private final LogReader reader;
    private TreeEdge edge;
    private boolean stale;
    private boolean closed;
    private volatile SignedCheckpoint published;

    private TileLog(LogFiles files, LogKey signer, LogLock lock) {
        this.files = files;
        this.signer = signer;
        this.lock = lock;
        this.reader = new LogReader(files, () -> published);
    }

    /**
     * Opens the log in {@code directory}, making an empty one if there is none.
     *
     * @throws LogStateException if another writer has it open, its checkpoint is missing beside tiles or not signed by
     *                           {@code signer}, or its last tiles do not lead to the checkpoint's root
     */
    public static TileLog open(Path directory, LogKey signer) throws IOException {
        return open(new LogFiles(directory), signer);
    }

    static TileLog open(LogFiles files, LogKey signer) throws IOException {
        files.prepare();
        LogLock lock = LogLock.take(files.root().resolve(LogFiles.LOCK));
        TileLog log = new TileLog(files, signer, lock);
        try {
            log.load();
        } catch (IOException | RuntimeException e) {
            log.close();
            throw e;
        }
        return log;
    }

    /** Entries that the published checkpoint covers. */
    public long size() {
        return published.size();
    }

    /** The published checkpoint; that of size 0 for a new log. */
    public SignedCheckpoint checkpoint() {
        return published;
    }

    /** The read side, which always sees this writer's last checkpoint. */
    public LogReader reader() {
        return reader;
    }

    /** See {@link LogReader#inclusionProof}. */
    public InclusionProof inclusionProof(long index, long size) throws IOException {
        return reader.inclusionProof(index, size);
    }

    /** See {@link LogReader#consistencyProof}. */
    public ConsistencyProof consistencyProof(long oldSize, long newSize) throws IOException {
        return reader.consistencyProof(oldSize, newSize);
    }

    /** See {@link LogReader#file}. */
    public Optional<byte[]> file(String path) throws IOException {
        return reader.file(path);
    }

    /**
     * Appends entries and publishes a checkpoint that covers them; when it returns, all of it is on the disk. Entries that
     * the log already has are compared, so that a caller who does not know whether an append succeeded repeats it.
     *
     * @param first   index of the first entry, at most {@link #size}
     * @param entries each at most {@value EntryBundle#MAX_ENTRY_BYTES} bytes; they are held in memory
     * @return the published checkpoint
     * @throws LogStateException if {@code first} leaves a gap, or other entries are already written at these indices
     * @throws IOException       if the disk fails; the log stays at its earlier checkpoint, or at the new one if only the
     *                           last step failed, and the append may be repeated
     */
    public synchronized SignedCheckpoint append(long first, List<byte[]> entries) throws IOException {
        entries.forEach(EntryBundle::requireLength);
        if (closed) {
            throw new LogStateException("the log " + files.root() + " is closed");
        }
        if (stale) {
            load();
        }
        long size = edge.size();
        if (first < 0 || first > size) {
            throw new LogStateException("append at index " + first + " to a log of size " + size + " would leave a gap");
        }
        int known = (int) Math.min(entries.size(), size - first);
        requireSame(first, entries.subList(0, known));
        if (known < entries.size()) {
            stale = true;
            grow(entries.subList(known, entries.size()));
            stale = false;
        }
        return published;
    }

    @Override
    public synchronized void close() {
        closed = true;
        try {
            lock.close();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "the lock of the log " + files.root() + " was not released cleanly", e);
        }
    }

    private void grow(List<byte[]> entries) throws IOException {
        long oldSize = edge.size();
        writeBundles(oldSize, entries);
        TreeEdge next = edge.copy();
        for (byte[] entry : entries) {
            next.append(MerkleHash.leafBytes(entry), files::publish);
        }
        for (int level = 0; level < next.levels(); level++) {
            if (next.width(level) > 0) {
                files.publish(new TilePath(level, next.index(level), next.width(level)), next.partial(level));
            }
        }
        publish(next);
        removeReplacedPartials(oldSize, next.size());
    }

    private void writeBundles(long oldSize, List<byte[]> entries) throws IOException {
        long newSize = oldSize + entries.size();
        TileTree tree = new TileTree(files, oldSize);
        for (long index = oldSize / TilePath.FULL; index * TilePath.FULL < newSize; index++) {
            TilePath path = TilePath.at(TilePath.ENTRIES, index, newSize);
            int had = TilePath.widthAt(TilePath.ENTRIES, index, oldSize);
            List<byte[]> bundle = new ArrayList<>(had == 0 ? List.of() : tree.bundle(index));
            int from = (int) (index * TilePath.FULL + had - oldSize);
            bundle.addAll(entries.subList(from, from + path.width() - had));
            byte[] content = EntryBundle.encode(bundle);
            requireAgreement(path, had, content);
            files.publish(path, content);
        }
    }

    /** Compares with bundles past the checkpoint, which an append left that did not reach its checkpoint. */
    private void requireAgreement(TilePath path, int published, byte[] content) throws IOException {
        List<Integer> widths = new ArrayList<>(files.partialWidths(path));
        widths.add(TilePath.FULL);
        for (int width : widths) {
            Optional<byte[]> left = width > published ? files.read(path.withWidth(width)) : Optional.empty();
            int common = Math.min(left.map(bytes -> bytes.length).orElse(0), content.length);
            if (left.isPresent() && !Arrays.equals(left.get(), 0, common, content, 0, common)) {
                throw new LogStateException(path.withWidth(width).path()
                        + " was written by an append that did not finish and holds other entries than those given now;"
                        + " the entries of an index never change. Run: candor ledger audit");
            }
        }
    }

    private void publish(TreeEdge next) throws IOException {
        requireCheckpointUntouched();
        SignedCheckpoint checkpoint = signer.sign(new Checkpoint(signer.origin(), next.size(), next.root()));
        files.replaceCheckpoint(checkpoint.note().bytes());
        published = checkpoint;
        edge = next;
    }

    private void requireCheckpointUntouched() throws IOException {
        byte[] present = files.readCheckpoint().orElse(new byte[0]);
        if (!Arrays.equals(present, published.note().bytes())) {
            throw new LogStateException("the checkpoint of the log " + files.root() + " was changed by somebody else since size "
                    + published.size() + " was published; stop the other writer");
        }
    }

    private void removeReplacedPartials(long oldSize, long newSize) {
        for (int level = TilePath.ENTRIES; level <= TilePath.MAX_LEVEL; level++) {
            long index = TilePath.lastIndex(level, oldSize);
            int had = TilePath.widthAt(level, index, oldSize);
            if (had > 0 && TilePath.widthAt(level, index, newSize) == TilePath.FULL) {
                try {
                    files.deletePartials(new TilePath(level, index, TilePath.FULL));
                } catch (IOException e) {
                    LOG.log(System.Logger.Level.WARNING, "partial tiles stay beside the full one, which does no harm", e);
                }
            }
        }
    }

    private void requireSame(long first, List<byte[]> known) throws IOException {
        List<byte[]> present = reader.entries(first, known.size());
        for (int i = 0; i < known.size(); i++) {
            if (!Arrays.equals(known.get(i), present.get(i))) {
                throw new LogStateException("entry " + (first + i) + " is published with leaf hash "
                        + MerkleHash.leaf(present.get(i)).hex() + " and cannot become one with leaf hash "
                        + MerkleHash.leaf(known.get(i)).hex());
            }
        }
    }

    private void load() throws IOException {
        if (files.readCheckpoint().isEmpty() && !files.hasTiles()) {
            Checkpoint empty = new Checkpoint(signer.origin(), 0, MerkleHash.emptyRoot());
            files.replaceCheckpoint(signer.sign(empty).note().bytes());
        }
        SignedCheckpoint checkpoint = LogReader.readCheckpoint(files, signer.verifierKey());
        if (published != null && checkpoint.size() < published.size()) {
            throw new LogStateException("the checkpoint of the log " + files.root() + " went back from size " + published.size()
                    + " to " + checkpoint.size() + "; restore the later one, since it was published");
        }
        edge = new EdgeLoader(files, checkpoint.checkpoint()).load();
        published = checkpoint;
        stale = false;
    }
}
