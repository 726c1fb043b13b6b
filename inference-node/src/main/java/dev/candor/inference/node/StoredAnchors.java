package dev.candor.inference.node;

import dev.candor.inference.http.AnchorSource;
import dev.candor.settlement.anchor.SqlAnchorStore;
import java.util.Optional;

/** Anchors out of the store, in the form that HTTP gives them. */
final class StoredAnchors implements AnchorSource {
    private final SqlAnchorStore store;
    private final NodeChain chain;

    StoredAnchors(SqlAnchorStore store, NodeChain chain) {
        this.store = store;
        this.chain = chain;
    }

    @Override
    public Optional<Anchored> covering(long leafIndex) {
        return store.covering(leafIndex).map(anchor -> new Anchored(
                anchor.chainId(),
                chain.client().endpoint().toString(),
                anchor.contract().value(),
                anchor.account().value(),
                anchor.transaction(),
                anchor.blockNumber(),
                anchor.index(),
                anchor.size(),
                anchor.root().hex(),
                anchor.checkpoint()));
    }
}
