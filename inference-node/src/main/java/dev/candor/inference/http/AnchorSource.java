package dev.candor.inference.http;

import java.util.Optional;

/** Where the log's checkpoints stand on the chain. */
public interface AnchorSource {
    /**
     * A confirmed anchor.
     *
     * @param rpc         a JSON-RPC endpoint of the chain, as a hint; empty if unknown
     * @param contract    the ReceiptAnchor contract
     * @param account     that sent it there
     * @param transaction that put it there
     * @param index       of the anchor in the contract
     * @param logSize     entries that the anchored root covers
     * @param root        hexadecimal
     * @param checkpoint  the signed note that states size and root
     */
    record Anchored(
            long chainId,
            String rpc,
            String contract,
            String account,
            String transaction,
            long blockNumber,
            long index,
            long logSize,
            String root,
            String checkpoint) {}

    /** The first confirmed anchor whose root covers the entry. */
    Optional<Anchored> covering(long leafIndex);
}
