package dev.candor.client.verify;

import com.fasterxml.jackson.databind.JsonNode;
import dev.candor.attestation.digest.Digest;
import dev.candor.attestation.evidence.Attestation;
import dev.candor.attestation.evidence.KeyStatement;
import dev.candor.attestation.receipt.LogEntry;
import dev.candor.attestation.tlog.Checkpoint;
import dev.candor.attestation.tlog.InclusionProof;
import dev.candor.attestation.tlog.LogFormatException;
import dev.candor.attestation.tlog.LogProofException;
import dev.candor.attestation.tlog.LogVerifierKey;
import dev.candor.attestation.tlog.SignedNote;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether the receipt is in the node's log, under a checkpoint the log's key signed. */
final class LogChecks {
    private static final int MAX_HASHES = 64;

    List<Check> check(ReceiptBundle bundle, Optional<Attestation> attestation, VerifyOptions options, boolean pending) {
        if (bundle.proof().isEmpty()) {
            return List.of(missing(CheckName.INCLUSION_PROOF, options, pending), missing(CheckName.CHECKPOINT_SIGNATURE, options, pending));
        }
        return List.of(
                inclusion(bundle, bundle.proof().get()),
                attestation
                        .map(value -> signature(bundle.proof().get(), value.statement()))
                        .orElseGet(() -> Check.skipped(CheckName.CHECKPOINT_SIGNATURE, "no key statement names the log's key")));
    }

    /** What is wrong with an anchor's own inclusion proof and checkpoint, if anything is. */
    static Optional<String> anchorFault(ReceiptBundle bundle, JsonNode anchor, KeyStatement statement) {
        Check inclusion = inclusion(bundle, anchor);
        Check signature = signature(anchor, statement);
        if (inclusion.result() != CheckResult.OK) {
            return Optional.of("the anchored checkpoint: " + inclusion.detail());
        }
        if (signature.result() != CheckResult.OK) {
            return Optional.of("the anchored checkpoint: " + signature.detail());
        }
        try {
            Checkpoint checkpoint = checkpoint(anchor);
            boolean same = checkpoint.size() == anchor.path("log_size").asLong(-1)
                    && checkpoint.root().hex().equals(anchor.path("root").asText());
            return same ? Optional.empty() : Optional.of("the anchor's root and size are not those of its checkpoint");
        } catch (LogFormatException e) {
            return Optional.of(e.getMessage());
        }
    }

    private static Check inclusion(ReceiptBundle bundle, JsonNode json) {
        try {
            Checkpoint checkpoint = checkpoint(json);
            long index = json.path("leaf_index").asLong(-1);
            Digest leaf = LogEntry.receipt(bundle.cose()).leafHash();
            same("log size", checkpoint.size(), json.path("log_size").asLong(-1));
            if (json.has("leaf_hash")) {
                same("leaf hash", leaf.hex(), json.path("leaf_hash").asText());
            }
            new InclusionProof(index, checkpoint.size(), hashes(json)).verify(leaf, checkpoint.root());
            return Check.ok(
                    CheckName.INCLUSION_PROOF, "leaf " + index + " of the " + checkpoint.size() + " in " + checkpoint.origin());
        } catch (LogProofException | IllegalArgumentException e) {
            return Check.failed(CheckName.INCLUSION_PROOF, e.getMessage());
        }
    }

    private static void same(String what, Object computed, Object said) {
        if (!computed.equals(said)) {
            throw new IllegalArgumentException("the proof's " + what + " is " + said + ", it should be " + computed);
        }
    }

    private static Check signature(JsonNode json, KeyStatement statement) {
        try {
            SignedNote note = SignedNote.parse(json.path("checkpoint").asText());
            note.verify(LogVerifierKey.parse(statement.logKey()));
            Checkpoint checkpoint = Checkpoint.parse(note.text());
            return checkpoint.origin().equals(statement.logOrigin())
                    ? Check.ok(CheckName.CHECKPOINT_SIGNATURE, "signed by the log's key, which the key statement names")
                    : Check.failed(
                            CheckName.CHECKPOINT_SIGNATURE,
                            "the checkpoint is of log " + checkpoint.origin() + ", the key statement names " + statement.logOrigin());
        } catch (LogProofException | IllegalArgumentException e) {
            return Check.failed(CheckName.CHECKPOINT_SIGNATURE, e.getMessage());
        }
    }

    private static Checkpoint checkpoint(JsonNode json) throws LogFormatException {
        return Checkpoint.parse(SignedNote.parse(json.path("checkpoint").asText()).text());
    }

    private static List<Digest> hashes(JsonNode json) {
        List<Digest> hashes = new ArrayList<>();
        for (JsonNode hash : json.path("hashes")) {
            if (hashes.size() == MAX_HASHES) {
                throw new IllegalArgumentException("an inclusion proof has at most " + MAX_HASHES + " hashes");
            }
            hashes.add(new Digest(hash.asText()));
        }
        return hashes;
    }

    private static Check missing(CheckName name, VerifyOptions options, boolean pending) {
        if (!options.nodeAsked()) {
            return unasked(name, pending);
        }
        return pending
                ? Check.skipped(name, "pending: the node integrates its log within 2 s")
                : Check.failed(name, "missing, and the receipt is too old to wait for it");
    }

    /** Of what the node may well have; that is no reason to take a receipt without it for good. */
    static Check unasked(CheckName name, boolean pending) {
        return pending
                ? Check.skipped(name, "pending: the node could not be asked")
                : Check.failed(name, "missing: the node could not be asked, and the receipt is too old to do without");
    }
}
