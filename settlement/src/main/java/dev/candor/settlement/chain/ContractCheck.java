package dev.candor.settlement.chain;

import dev.candor.attestation.crypto.EvmAddress;
import java.util.ArrayList;
import java.util.List;

/** Looks whether the contracts that payments and anchors need are on the chain. */
public final class ContractCheck {
    private final ChainClient chain;

    public ContractCheck(ChainClient chain) {
        this.chain = chain;
    }

    /** A line for each contract without code, naming it and its address; empty if nothing is missing. */
    public List<String> missing(ContractAddresses addresses) throws ChainException {
        List<String> missing = new ArrayList<>();
        require("OPG", addresses.opg(), missing);
        require("Permit2", addresses.permit2(), missing);
        require("x402UptoPermit2Proxy", addresses.uptoProxy(), missing);
        if (addresses.anchor().isPresent()) {
            require("ReceiptAnchor", addresses.anchor().get(), missing);
        } else {
            missing.add("ReceiptAnchor has no address on chain " + addresses.chainId());
        }
        return missing;
    }

    private void require(String name, EvmAddress address, List<String> missing) throws ChainException {
        if (!chain.hasCode(address)) {
            missing.add(name + " has no code at " + address);
        }
    }
}
