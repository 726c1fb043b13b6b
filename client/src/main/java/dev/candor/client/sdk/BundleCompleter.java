package dev.candor.client.sdk;

import com.fasterxml.jackson.databind.JsonNode;
import dev.candor.attestation.appraisal.AppraisalException;
import dev.candor.attestation.appraisal.AppraisalPolicy;
import dev.candor.attestation.appraisal.EvidenceAppraiser;
import dev.candor.attestation.digest.InvalidJsonException;
import dev.candor.attestation.evidence.Attestation;
import dev.candor.attestation.receipt.ReceiptVerificationException;
import dev.candor.attestation.receipt.SignedReceipt;
import dev.candor.client.verify.ReceiptBundle;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Fetches from the node what a bundle still lacks. Thread-safe. */
public final class BundleCompleter {
    private static final int MAX_CACHED = 64;

    private final NodeConnection node;
    private final Map<String, JsonNode> attestations = new ConcurrentHashMap<>();

    public BundleCompleter(NodeConnection node) {
        this.node = node;
    }

    /** Adds the key statement and Evidence in force when the receipt was signed. */
    public ReceiptBundle attest(ReceiptBundle bundle) throws NodeException, InterruptedException {
        if (bundle.attestation().isPresent()) {
            return bundle;
        }
        String digest;
        try {
            digest = SignedReceipt.parse(bundle.cose()).receipt().evidence().cpu().hex();
        } catch (ReceiptVerificationException e) {
            return bundle;
        }
        JsonNode known = attestations.get(digest);
        Optional<JsonNode> attestation = known != null ? Optional.of(known) : node.get("v1/attestation/" + digest);
        if (attestation.isPresent() && attestations.size() < MAX_CACHED) {
            attestations.put(digest, attestation.get());
        }
        return attestation.map(bundle::withAttestation).orElse(bundle);
    }

    /** @throws NodeException if the node's Evidence of now would fail {@code policy}, so that nothing is paid for what will not verify */
    void requireFit(AppraisalPolicy policy) throws NodeException, InterruptedException {
        if (policy.acceptSoftware()) {
            return;
        }
        JsonNode now = node.get("v1/attestation").orElseThrow(() -> new NodeException(NodeException.Kind.UNFIT, "the node shows no Evidence (GET /v1/attestation)", null));
        try {
            new EvidenceAppraiser().appraise(Attestation.parse(now), policy);
        } catch (InvalidJsonException | AppraisalException e) {
            throw new NodeException(NodeException.Kind.UNFIT, "nothing was paid, since no answer of this node would verify: " + e.getMessage(), e);
        }
    }

    /** Adds key statement, inclusion proof and anchor, as far as the node has them by now. */
    public ReceiptBundle complete(ReceiptBundle bundle) throws NodeException, InterruptedException {
        ReceiptBundle complete = attest(bundle);
        String path = "v1/receipts/" + bundle.id();
        if (complete.proof().isEmpty()) {
            complete = node.get(path + "/proof").map(complete::withProof).orElse(complete);
        }
        if (complete.anchor().isEmpty()) {
            complete = node.get(path + "/anchor").map(complete::withAnchor).orElse(complete);
        }
        return complete;
    }
}
