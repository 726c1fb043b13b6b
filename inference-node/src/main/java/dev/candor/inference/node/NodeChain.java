package dev.candor.inference.node;

import dev.candor.inference.config.CandorHome;
import dev.candor.inference.config.NodeConfig;
import dev.candor.settlement.chain.ChainAccount;
import dev.candor.settlement.chain.ChainBootstrap;
import dev.candor.settlement.chain.ChainClient;
import dev.candor.settlement.chain.ChainException;
import dev.candor.settlement.chain.ChainRpcException;
import dev.candor.settlement.chain.ChainSetupException;
import dev.candor.settlement.chain.ContractAddressBook;
import dev.candor.settlement.chain.ContractAddresses;
import dev.candor.settlement.chain.ContractCheck;
import dev.candor.settlement.chain.DevChain;
import dev.candor.settlement.chain.DevChainSetup;
import dev.candor.settlement.chain.OutboxConfig;
import dev.candor.settlement.chain.ProvisionListener;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The chain a node settles and anchors on.
 *
 * @param devChain the embedded dev chain, where it is one
 */
record NodeChain(ChainClient client, long id, ContractAddresses addresses, OutboxConfig outbox, Optional<DevChain> devChain)
        implements AutoCloseable {
    /** Starts the embedded chain, or looks at the one that {@code --chain} names. */
    static NodeChain open(NodeConfig config, ChainAccount operator, ChainAccount wallet, ProvisionListener listener)
            throws StartException, ChainSetupException {
        Optional<String> url = config.payments().chainUrl();
        return url.isPresent() ? connect(config, URI.create(url.get()), operator, wallet, listener) : start(config, operator, wallet, listener);
    }

    private static NodeChain start(NodeConfig config, ChainAccount operator, ChainAccount wallet, ProvisionListener listener)
            throws ChainSetupException {
        CandorHome home = config.home();
        DevChainSetup.Ready ready = new DevChainSetup(
                        home.root(), config.cache(), config.payments().chainId(), 0, operator, wallet)
                .start(listener);
        ChainClient client = new ChainClient(ready.chain().rpc());
        return new NodeChain(
                client, ready.chain().chainId(), ready.addresses(), OutboxConfig.devChain(), Optional.of(ready.chain()));
    }

    private static NodeChain connect(
            NodeConfig config, URI url, ChainAccount operator, ChainAccount wallet, ProvisionListener listener)
            throws StartException, ChainSetupException {
        ChainClient client = new ChainClient(url);
        try {
            long id = client.chainId();
            ContractAddressBook book = new ContractAddressBook(config.home().contracts());
            Optional<ContractAddresses> known = book.find(id);
            if (config.payments().deploy()) {
                ChainBootstrap bootstrap = ChainBootstrap.onChain(client, id, operator, config.cache(), listener);
                ContractAddresses deployed = bootstrap.deploy(known, book::save);
                bootstrap.fund(wallet, deployed);
                known = Optional.of(deployed);
            }
            ContractAddresses addresses = known.orElseThrow(() -> new StartException("nothing is known of chain " + id
                    + ": write its contracts into " + book.file(id) + ", or deploy them with --deploy"));
            requireCode(client, addresses, book.file(id), id);
            return new NodeChain(client, id, addresses, OutboxConfig.of(client.clientVersion()), Optional.empty());
        } catch (ChainRpcException e) {
            client.close();
            throw new StartException("the chain at " + url + " refused: " + e.getMessage(), e);
        } catch (ChainException e) {
            client.close();
            throw new StartException("the chain at " + url + " does not answer: " + e.getMessage() + "; check --chain", e);
        } catch (IOException e) {
            client.close();
            throw new StartException("cannot write the addresses of the deployed contracts: " + e.getMessage(), e);
        } catch (StartException | ChainSetupException | RuntimeException e) {
            client.close();
            throw e;
        }
    }

    private static void requireCode(ChainClient client, ContractAddresses addresses, Path file, long id)
            throws ChainException, StartException {
        List<String> missing = new ContractCheck(client).missing(addresses);
        if (!missing.isEmpty()) {
            throw new StartException("chain " + id + " lacks contracts: " + String.join("; ", missing) + ". Correct " + file
                    + ", or deploy with --deploy");
        }
    }

    /** CAIP-2. */
    String network() {
        return "eip155:" + id;
    }

    @Override
    public void close() {
        client.close();
        devChain.ifPresent(DevChain::close);
    }
}
