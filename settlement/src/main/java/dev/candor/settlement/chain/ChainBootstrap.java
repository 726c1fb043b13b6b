package dev.candor.settlement.chain;

import dev.candor.attestation.crypto.EvmAddress;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.web3j.abi.FunctionEncoder;
import org.web3j.abi.datatypes.Address;
import org.web3j.abi.datatypes.generated.Uint256;

/**
 * Puts the contracts on a chain and money into the demo wallet. Does only what is not done yet, so it can be called at
 * every start. Not to be used while an {@link Outbox} of the operator runs.
 */
public final class ChainBootstrap {
    private static final int ETHER_DECIMALS = 18;
    private static final BigInteger SUPPLY = BigInteger.TEN.pow(27);

    private final ChainClient chain;
    private final long chainId;
    private final ChainAccount operator;
    private final boolean embedded;
    private final Optional<DevChainRpc> dev;
    private final Permit2Package permit2;
    private final DirectSender sender;

    /**
     * @param devChain the embedded chain, if it is that
     * @param dev      where code and ether are had for the asking
     */
    ChainBootstrap(
            ChainClient chain,
            long chainId,
            ChainAccount operator,
            Optional<DevChain> devChain,
            Optional<DevChainRpc> dev,
            Permit2Package permit2) {
        this.chain = chain;
        this.chainId = chainId;
        this.operator = operator;
        this.embedded = devChain.isPresent();
        this.dev = dev;
        this.permit2 = permit2;
        this.sender = new DirectSender(chain, chainId, devChain);
    }

    /** Deploys on {@code devChain} what is missing, x402's proxies included. */
    public static ChainBootstrap onDevChain(DevChain devChain, ChainAccount operator, Path cache, ProvisionListener listener) {
        return new ChainBootstrap(
                devChain.client(),
                devChain.chainId(),
                operator,
                Optional.of(devChain),
                Optional.of(devChain.devRpc()),
                new Permit2Package(cache, listener));
    }

    /**
     * Deploys elsewhere. On a development chain, which is known by the name it gives itself, all is done as on one's own;
     * on any other the operator pays, and x402's proxies must be there.
     */
    public static ChainBootstrap onChain(
            ChainClient chain, long chainId, ChainAccount operator, Path cache, ProvisionListener listener)
            throws ChainException {
        return new ChainBootstrap(
                chain, chainId, operator, Optional.empty(), DevChainRpc.find(chain), new Permit2Package(cache, listener));
    }

    /**
     * Deploys what is missing. Whether that is possible is looked at before anything is paid for.
     *
     * @param known  what is known of the chain; what has code there is used
     * @param record is told of each contract as soon as it is there
     * @return where everything is
     * @throws ChainSetupException in one line, with what to do
     * @throws IOException         if {@code record} fails
     */
    public ContractAddresses deploy(Optional<ContractAddresses> known, AddressRecord record)
            throws ChainSetupException, ChainException, IOException {
        prepare(known.map(ContractAddresses::uptoProxy).orElse(ContractAddresses.UPTO_PROXY));
        List<Create2> wanted = new ArrayList<>();
        ContractAddresses target = target(known, wanted);
        List<DirectSender.Call> calls = new ArrayList<>();
        for (Create2 contract : wanted) {
            if (!chain.hasCode(contract.address())) {
                calls.add(new DirectSender.Call(Create2.DEPLOYER, contract.call()));
            }
        }
        requirePossible(calls);
        for (String hash : sender.send(operator, calls)) {
            sender.await(List.of(hash));
            save(target, record);
        }
        if (dev.isPresent()) {
            place(dev.get(), target.uptoProxy(), ContractArtifact.UPTO_PROXY.runtimeCode());
            place(dev.get(), target.exactProxy(), ContractArtifact.EXACT_PROXY.runtimeCode());
        }
        List<String> missing = new ContractCheck(chain).missing(target);
        if (!missing.isEmpty()) {
            throw new ChainSetupException("after deploying to chain " + chainId + ": " + String.join("; ", missing));
        }
        record.save(target);
        return target;
    }

    /**
     * Gives {@code wallet} gas, tokens and its approval of Permit2, each if it is short of it. On a chain that is not for
     * development, tokens are given only of the kind that {@link #deploy} makes, and ether only if the operator has plenty.
     */
    public void fund(ChainAccount wallet, ContractAddresses addresses) throws ChainSetupException, ChainException {
        boolean ownToken = addresses.opg().equals(token().address());
        new WalletFunding(chain, sender, operator, dev).fund(wallet, addresses, ownToken);
    }

    private void prepare(EvmAddress uptoProxy) throws ChainSetupException, ChainException {
        if (dev.isPresent()) {
            dev.get().giveEther(operator.address());
            if (!chain.hasCode(Create2.DEPLOYER)) {
                dev.get().setCode(Create2.DEPLOYER, Create2.DEPLOYER_CODE);
            }
        } else if (!chain.hasCode(uptoProxy)) {
            throw new ChainSetupException("chain " + chainId + " has no x402 upto proxy at " + uptoProxy
                    + " and Candor cannot put it there: use a chain that has it, or leave --chain out for the embedded dev chain");
        }
    }

    private ContractAddresses target(Optional<ContractAddresses> known, List<Create2> wanted)
            throws ChainException, ChainSetupException {
        EvmAddress opg = there(known.map(ContractAddresses::opg)).orElseGet(() -> want(token(), wanted));
        EvmAddress anchor = there(known.flatMap(ContractAddresses::anchor)).orElseGet(() -> want(
                new Create2("ReceiptAnchor", Create2.NO_SALT, ContractArtifact.RECEIPT_ANCHOR.creationCode()), wanted));
        if (!chain.hasCode(ContractAddresses.PERMIT2)) {
            wanted.add(new Create2("Permit2", Permit2Package.SALT, permit2.provision()));
        }
        return new ContractAddresses(
                chainId,
                opg,
                Optional.of(anchor),
                ContractAddresses.PERMIT2,
                known.map(ContractAddresses::uptoProxy).orElse(ContractAddresses.UPTO_PROXY),
                known.map(ContractAddresses::exactProxy).orElse(ContractAddresses.EXACT_PROXY));
    }

    private Optional<EvmAddress> there(Optional<EvmAddress> address) throws ChainException {
        return address.isPresent() && chain.hasCode(address.get()) ? address : Optional.empty();
    }

    private static EvmAddress want(Create2 contract, List<Create2> wanted) {
        wanted.add(contract);
        return contract.address();
    }

    private Create2 token() {
        String arguments = FunctionEncoder.encodeConstructor(
                List.of(new Address(operator.address().value()), new Uint256(SUPPLY)));
        return new Create2("OPG", Create2.NO_SALT, ContractArtifact.OPG.creationCode() + arguments);
    }

    private void requirePossible(List<DirectSender.Call> calls) throws ChainException, ChainSetupException {
        if (calls.isEmpty() || dev.isPresent()) {
            return;
        }
        if (!chain.hasCode(Create2.DEPLOYER)) {
            throw new ChainSetupException("chain " + chainId + " has no CREATE2 deployer at " + Create2.DEPLOYER
                    + ", so nothing can be deployed there: use a chain that has it");
        }
        BigInteger has = chain.etherBalance(operator.address());
        BigInteger cost = sender.cost(operator, calls);
        if (has.compareTo(cost) < 0) {
            throw new ChainSetupException("the operator " + operator + " has " + ether(has) + " ether on chain " + chainId
                    + " and deploying takes up to " + ether(cost) + ": send it some and start again");
        }
    }

    private static String ether(BigInteger wei) {
        return new BigDecimal(wei, ETHER_DECIMALS).stripTrailingZeros().toPlainString();
    }

    private void save(ContractAddresses target, AddressRecord record) throws ChainException, IOException {
        if (chain.hasCode(target.opg())) {
            record.save(new ContractAddresses(
                    chainId, target.opg(), there(target.anchor()), target.permit2(), target.uptoProxy(), target.exactProxy()));
        }
    }

    /** Somebody else's chain may be a copy of a real one with the real proxies. */
    private void place(DevChainRpc rpc, EvmAddress address, String code) throws ChainException {
        String there = chain.code(address);
        if (embedded ? !there.equals(code) : there.length() <= 2) {
            rpc.setCode(address, code);
        }
    }
}
