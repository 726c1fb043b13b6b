package dev.candor.settlement.chain;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * From nothing to a running dev chain with contracts and a funded wallet; from a stopped one to the same in a second.
 *
 * @param home     state folder; the chain lives in its {@code chain/}
 * @param cache    re-creatable things
 * @param port     port on 127.0.0.1, 0 for any free one
 * @param operator settles, anchors, and holds the token's supply
 * @param wallet   the demo wallet to fund
 */
public record DevChainSetup(Path home, Path cache, long chainId, int port, ChainAccount operator, ChainAccount wallet) {
    /** A chain that is ready to be used; to be closed when the node stops. */
    public record Ready(DevChain chain, ContractAddresses addresses) {}

    /** @throws ChainSetupException with one line saying what to do */
    public Ready start(ProvisionListener listener) throws ChainSetupException {
        Path anvil = new AnvilPackage(cache, listener).provision();
        DevChain chain = DevChain.start(new DevChainConfig(anvil, home.resolve("chain"), chainId, port));
        try {
            ChainBootstrap bootstrap = ChainBootstrap.onDevChain(chain, operator, cache, listener);
            ContractAddresses addresses = bootstrap.deploy(Optional.empty(), found -> {});
            bootstrap.fund(wallet, addresses);
            ContractAddressBook.write(chain.files().addresses(), addresses);
            return new Ready(chain, addresses);
        } catch (ChainException | IOException e) {
            chain.close();
            throw new ChainSetupException("the dev chain could not be set up: " + e.getMessage(), e);
        } catch (ChainSetupException | RuntimeException e) {
            chain.close();
            throw e;
        }
    }
}
