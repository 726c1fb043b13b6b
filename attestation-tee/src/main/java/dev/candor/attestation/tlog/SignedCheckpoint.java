package dev.candor.attestation.tlog;

import java.nio.charset.StandardCharsets;

/** A checkpoint and the note that carries it. One made by {@link #open} was verified. */
public record SignedCheckpoint(Checkpoint checkpoint, SignedNote note) {
    /**
     * Reads a note and verifies that {@code key} signed it and that it is a checkpoint of the log that the key names.
     *
     * @throws LogProofException if it is malformed, signed by another key, or of another log
     */
    public static SignedCheckpoint open(byte[] note, LogVerifierKey key) throws LogProofException {
        SignedNote parsed = SignedNote.parse(note);
        parsed.verify(key);
        Checkpoint checkpoint = Checkpoint.parse(parsed.text());
        if (!checkpoint.origin().equals(key.name())) {
            throw new LogProofException("checkpoint: is of the log " + checkpoint.origin() + ", but the key is of " + key.name());
        }
        return new SignedCheckpoint(checkpoint, parsed);
    }

    /** As {@link #open(byte[], LogVerifierKey)}, from text. */
    public static SignedCheckpoint open(String note, LogVerifierKey key) throws LogProofException {
        return open(note.getBytes(StandardCharsets.UTF_8), key);
    }

    public long size() {
        return checkpoint.size();
    }

    /** The whole note as text, which is what {@code /log/checkpoint} serves. */
    public String text() {
        return note.format();
    }
}
