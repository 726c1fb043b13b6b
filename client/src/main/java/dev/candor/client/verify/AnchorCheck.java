package dev.candor.client.verify;

import com.fasterxml.jackson.databind.JsonNode;
import dev.candor.attestation.evidence.Attestation;
import java.net.URI;
import java.util.Optional;
import java.util.Set;

/** Whether the log's root is on the chain, in an anchor that covers the receipt. */
final class AnchorCheck {
    private static final CheckName NAME = CheckName.ON_CHAIN_ANCHOR;

    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");

    private final AnchorLookup anchors;

    AnchorCheck(AnchorLookup anchors) {
        this.anchors = anchors;
    }

    Check check(ReceiptBundle bundle, Optional<Attestation> attestation, VerifyOptions options, boolean pending) {
        if (options.offline()) {
            return Check.skipped(NAME, "offline");
        }
        if (bundle.anchor().isEmpty() && !options.nodeAsked()) {
            return LogChecks.unasked(NAME, pending);
        }
        if (bundle.anchor().isEmpty()) {
            return pending
                    ? Check.skipped(NAME, "pending: the node anchors once a minute")
                    : Check.failed(NAME, "the node has given no anchor, and the receipt is too old to wait for one");
        }
        if (attestation.isEmpty()) {
            return Check.skipped(NAME, "no key statement names the contract");
        }
        Optional<URI> rpc = options.rpc().or(() -> local(bundle.anchor().get()));
        if (rpc.isEmpty()) {
            return Check.failed(NAME, "no endpoint of the chain is known; give one: rpc in the SDK, --rpc on the command line; or check offline");
        }
        JsonNode anchor = bundle.anchor().get();
        Optional<String> fault = LogChecks.anchorFault(bundle, anchor, attestation.get().statement());
        if (fault.isPresent()) {
            return Check.failed(NAME, fault.get());
        }
        try {
            return Check.ok(NAME, anchors.confirm(rpc.get(), anchor, attestation.get().statement()));
        } catch (AnchorLookup.AnchorException e) {
            return Check.failed(NAME, e.getMessage());
        }
    }

    /** The node's own word for the endpoint is taken only on this machine, where it is somebody's dev chain. */
    private static Optional<URI> local(JsonNode anchor) {
        try {
            URI rpc = URI.create(anchor.path("rpc").asText());
            return LOOPBACK.contains(String.valueOf(rpc.getHost())) ? Optional.of(rpc) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
