package dev.candor.client.verify;

import dev.candor.attestation.appraisal.AppraisalPolicy;
import dev.candor.attestation.digest.Digest;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a verifier demands.
 *
 * @param policy       which Evidence is accepted
 * @param offline      make no network call: the anchor is not looked up on the chain
 * @param receiptOnly  accept a receipt without the bytes of its request and answer
 * @param maxPending   how long after its issue a receipt may lack proof, checkpoint and anchor
 * @param modelDigests the digests of which one is expected, by {@code publisher/name@version}
 * @param rpc          JSON-RPC endpoint of the chain, for the anchor
 * @param nodeAsked    false if the node, which may have what the bundle lacks, could not be asked for it
 */
public record VerifyOptions(
        AppraisalPolicy policy,
        boolean offline,
        boolean receiptOnly,
        Duration maxPending,
        Map<String, List<Digest>> modelDigests,
        Optional<URI> rpc,
        boolean nodeAsked) {
    public static final Duration DEFAULT_MAX_PENDING = Duration.ofMinutes(5);

    /** For bundles that hold all that the node would give. */
    public VerifyOptions(
            AppraisalPolicy policy,
            boolean offline,
            boolean receiptOnly,
            Duration maxPending,
            Map<String, List<Digest>> modelDigests,
            Optional<URI> rpc) {
        this(policy, offline, receiptOnly, maxPending, modelDigests, rpc, true);
    }

    /** Software Evidence accepted, online, with bytes, 5 minutes. */
    public static VerifyOptions standard() {
        return new VerifyOptions(AppraisalPolicy.standard(), false, false, DEFAULT_MAX_PENDING, Map.of(), Optional.empty());
    }

    public VerifyOptions withOffline(boolean value) {
        return new VerifyOptions(policy, value, receiptOnly, maxPending, modelDigests, rpc, nodeAsked);
    }

    public VerifyOptions withReceiptOnly(boolean value) {
        return new VerifyOptions(policy, offline, value, maxPending, modelDigests, rpc, nodeAsked);
    }

    public VerifyOptions withNodeAsked(boolean value) {
        return new VerifyOptions(policy, offline, receiptOnly, maxPending, modelDigests, rpc, value);
    }
}
