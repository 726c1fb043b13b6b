package dev.candor.settlement.chain;

import dev.candor.attestation.crypto.EvmAddress;
import org.web3j.crypto.Hash;

/**
 * A contract made through the deterministic deployment proxy that nearly every chain has, anvil too: its address follows
 * from its code alone (EIP-1014), so that deploying it twice cannot happen.
 *
 * @param salt         64 hexadecimal digits
 * @param creationCode {@code 0x} and hexadecimal digits, constructor arguments included
 */
record Create2(String name, String salt, String creationCode) {
    static final EvmAddress DEPLOYER = EvmAddress.parse("0x4e59b44847b379578588920cA78FbF26c0B4956C");

    /** The proxy's runtime code, for development chains that were started without it. */
    static final String DEPLOYER_CODE = "0x7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0"
            + "3601600081602082378035828234f58015156039578182fd5b8082525050506014600cf3";

    static final String NO_SALT = "0".repeat(64);

    EvmAddress address() {
        String hash = Hash.sha3(
                "0xff" + DEPLOYER.value().substring(2) + salt + Hash.sha3(creationCode).substring(2));
        return EvmAddress.parse("0x" + hash.substring(26));
    }

    /** The data of the transaction to {@link #DEPLOYER} that makes it. */
    String call() {
        return "0x" + salt + creationCode.substring(2);
    }
}
