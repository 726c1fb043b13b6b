package dev.candor.attestation.tlog;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Checks a log directory offline: reads every entry, rebuilds every tile and the root from the entries alone, and compares
 * them with the tiles, the checkpoint and its signature. Every file under the directory must be one that the log needs, or
 * one that a crash left and that the next append would write again. Holds one bundle and one tile a level in memory.
 */
public final class LogFsck {
    private final LogFiles files;
    private final LogVerifierKey key;

    /** @param key what the log's checkpoints must be signed by */
    public LogFsck(Path directory, LogVerifierKey key) {
        this.files = new LogFiles(directory);
        this.key = key;
    }

    /**
     * The outcome.
     *
     * @param checkpoint the published checkpoint, if it could be believed
     * @param entries    how many entries were read; those past the checkpoint's size were left by a crash
     * @param faults     what is wrong, each naming the file and what differs; empty if the log is sound
     */
    public record Report(Optional<Checkpoint> checkpoint, long entries, List<String> faults) {
        public Report {
            faults = List.copyOf(faults);
        }

        public boolean sound() {
            return faults.isEmpty();
        }
    }

    /**
     * Runs the check. If a writer publishes meanwhile, what it had not finished could look like a fault, so that the check is
     * then made again, three times at most.
     */
    public Report check() {
        Report report = checkOnce();
        for (int again = 0; again < 2 && !report.sound() && !published().equals(report.checkpoint()); again++) {
            report = checkOnce();
        }
        return report;
    }

    private Report checkOnce() {
        FsckFaults faults = new FsckFaults();
        Optional<Checkpoint> checkpoint = checkpoint(faults);
        if (checkpoint.isEmpty()) {
            return new Report(checkpoint, 0, faults.list());
        }
        FsckTree tree = new FsckTree(files, checkpoint.get(), faults);
        try {
            tree.check();
            new FsckNames(files.root(), tree.entries(), faults).check();
        } catch (IOException e) {
            faults.add(files.root() + ": cannot be read: " + e);
        }
        return new Report(checkpoint, tree.entries(), faults.list());
    }

    private Optional<Checkpoint> checkpoint(FsckFaults faults) {
        try {
            byte[] note = files.readCheckpoint().orElseThrow(() -> new IOException("missing"));
            SignedCheckpoint signed = SignedCheckpoint.open(note, key);
            if (!Arrays.equals(note, signed.note().bytes())) {
                faults.add(LogFiles.CHECKPOINT + ": is not spelled as a note is published");
            }
            return Optional.of(signed.checkpoint());
        } catch (IOException | LogProofException e) {
            faults.add(LogFiles.CHECKPOINT + ": " + e.getMessage());
            return Optional.empty();
        }
    }

    private Optional<Checkpoint> published() {
        return checkpoint(new FsckFaults());
    }
}
