package dev.candor.settlement.anchor;

import dev.candor.attestation.digest.Digest;
import dev.candor.settlement.chain.AnchorContract;
import dev.candor.settlement.chain.AnchorEvent;
import dev.candor.settlement.chain.AnchorHead;
import dev.candor.settlement.chain.BlockHeader;
import dev.candor.settlement.chain.ChainClient;
import dev.candor.settlement.chain.ChainException;
import dev.candor.settlement.chain.TransactionResult;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Checks claims about anchors against a chain. Whose node answers for the chain decides what the check is worth. */
public final class AnchorReader {
    private static final Pattern HASH = Pattern.compile("0x[0-9a-f]{64}");

    private final ChainClient chain;

    public AnchorReader(ChainClient chain) {
        this.chain = chain;
    }

    /**
     * Confirms that the chain holds the claimed anchor, that its block is part of the chain, and that the contract's own
     * record agrees.
     *
     * @throws AnchorMismatchException if the chain shows otherwise
     * @throws ChainException          if the chain could not be asked
     */
    public AnchorConfirmation confirm(AnchorClaim claim) throws ChainException, AnchorMismatchException {
        String transaction = claim.transaction().toLowerCase(Locale.ROOT);
        require(HASH.matcher(transaction).matches(), "the transaction is not a hash");
        long chainId = chain.chainId();
        require(chainId == claim.chainId(), "the chain has id " + chainId + ", not " + claim.chainId());
        require(chain.hasCode(claim.contract()), "there is no contract at " + claim.contract());
        TransactionResult result = chain.result(transaction)
                .orElseThrow(() -> new AnchorMismatchException("the chain has no mined transaction " + transaction));
        require(result.hash().equals(transaction), "the chain answered for another transaction");
        require(result.succeeded(), "the transaction was reverted");
        AnchorContract contract = new AnchorContract(chain, claim.contract());
        AnchorEvent event = event(contract, result, claim);
        BlockHeader block = chain.block(result.blockNumber())
                .filter(found -> found.hash().equals(result.blockHash()))
                .orElseThrow(() -> new AnchorMismatchException("the transaction's block is not part of the chain"));
        requireRecord(contract.headOf(event.account()), event);
        long confirmations = chain.blockNumber() - block.number() + 1;
        return new AnchorConfirmation(event.account(), event.index(), block.number(), confirmations, block.time());
    }

    private static AnchorEvent event(AnchorContract contract, TransactionResult result, AnchorClaim claim)
            throws ChainException, AnchorMismatchException {
        Optional<AnchorEvent> found = claim.account().isPresent()
                ? contract.anchored(result, claim.account().get())
                : contract.anchored(result);
        AnchorEvent event = found.orElseThrow(() -> new AnchorMismatchException("the transaction anchored nothing"));
        require(event.origin().equals(Digest.sha256(claim.origin().getBytes(StandardCharsets.UTF_8))),
                "the anchor is of another log than " + claim.origin());
        require(event.size() == claim.size(), "the anchor is of " + event.size() + " leaves, not " + claim.size());
        require(event.root().equals(claim.root()), "the anchored root is " + event.root().hex() + ", not " + claim.root().hex());
        return event;
    }

    private static void requireRecord(AnchorHead head, AnchorEvent event) throws AnchorMismatchException {
        require(head.count() > event.index() && head.size() >= event.size(), "the contract has no record of the anchor");
        boolean isLast = head.count() == event.index() + 1;
        require(!isLast || head.head().equals(event.head()), "the contract's record of the anchor differs");
    }

    private static void require(boolean holds, String otherwise) throws AnchorMismatchException {
        if (!holds) {
            throw new AnchorMismatchException(otherwise);
        }
    }
}
