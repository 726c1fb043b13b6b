package dev.candor.settlement.chain;

import java.io.IOException;

/** Keeps where contracts are, so that what was deployed and paid for is found again. */
@FunctionalInterface
public interface AddressRecord {
    /** Takes the place of what was saved before; may lack the anchor contract that is still to come. */
    void save(ContractAddresses addresses) throws IOException;
}
