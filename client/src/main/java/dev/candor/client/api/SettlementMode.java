package dev.candor.client.api;

/**
 * What a call waits for before it returns. It changes nothing about what the node does: every receipt goes into its log within about two seconds,
 * the log's root is put on the chain about once a minute, and the payment is settled by the node beside both. Neither the prompt nor the answer
 * is ever published: the log has a digest of the receipt.
 */
public enum SettlementMode {
    /** Returns as soon as the answer's receipt verifies. Log proof and anchor are fetched in the background and added to the kept receipt. */
    ON_ANSWER,
    /** Waits until the receipt is proven to be in the node's log, under a checkpoint that the log's key signed: some seconds. */
    ON_LOG,
    /**
     * Waits until the log's root with the receipt is found on the chain, and the node says that the payment was settled: about a minute, or as long
     * as the chain takes. Needs the chain's JSON-RPC endpoint, unless the chain is one on this machine.
     */
    ON_CHAIN
}
