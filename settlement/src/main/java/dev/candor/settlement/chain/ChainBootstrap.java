package dev.candor.settlement.chain;

import dev.candor.attestation.crypto.EvmAddress;
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
    private static final BigInteger ETHER = BigInteger.TEN.pow(18);
    private static final BigInteger SUPPLY = ETHER.multiply(BigInteger.TEN.pow(9));
    private static final BigInteger WALLET_LOW = ETHER.multiply(BigInteger.valueOf(100));
    private static final BigInteger WALLET_TOP_UP = ETHER.multiply(BigInteger.valueOf(1000));
    private static final BigInteger GAS_LOW = ETHER;
    private static final BigInteger GAS_MONEY = ETHER.multiply(BigInteger.valueOf(100));
    private static final BigInteger UNLIMITED = BigInteger.TWO.pow(256).subtract(BigInteger.ONE);

    private final ChainClient chain;
    private final long chainId;
    private final ChainAccount operator;
    private final Optional<DevChain> devChain;
    private final Permit2Package permit2;
    private final DirectSender sender;

    ChainBootstrap(
            ChainClient chain, long chainId, ChainAccount operator, Optional<DevChain> devChain, Permit2Package permit2) {
        this.chain = chain;
        this.chainId = chainId;
        this.operator = operator;
        this.devChain = devChain;
        this.permit2 = permit2;
        this.sender = new DirectSender(chain, chainId, devChain);
    }

    /** Deploys on {@code devChain} what is missing, x402's proxies included. */
    public static ChainBootstrap onDevChain(DevChain devChain, ChainAccount operator, Path cache, ProvisionListener listener) {
        return new ChainBootstrap(
                devChain.client(), devChain.chainId(), operator, Optional.of(devChain), new Permit2Package(cache, listener));
    }

    /** Deploys elsewhere, paid by {@code operator}; x402's proxies must be there. */
    public static ChainBootstrap onChain(
            ChainClient chain, long chainId, ChainAccount operator, Path cache, ProvisionListener listener) {
        return new ChainBootstrap(chain, chainId, operator, Optional.empty(), new Permit2Package(cache, listener));
    }

    /**
     * Deploys what is missing.
     *
     * @param known what is known of the chain; its token is used if it has code
     * @return where everything is
     */
    public ContractAddresses deploy(Optional<ContractAddresses> known) throws ChainSetupException, ChainException {
        if (devChain.isPresent()) {
            giveEther(operator.address());
        }
        List<Create2> wanted = new ArrayList<>();
        EvmAddress opg = token(known, wanted);
        EvmAddress anchor = anchor(known, wanted);
        if (!chain.hasCode(ContractAddresses.PERMIT2)) {
            wanted.add(new Create2("Permit2", Permit2Package.SALT, permit2.provision()));
        }
        List<DirectSender.Call> calls = new ArrayList<>();
        for (Create2 contract : wanted) {
            if (!chain.hasCode(contract.address())) {
                calls.add(new DirectSender.Call(contract.name(), Create2.DEPLOYER, contract.call()));
            }
        }
        if (!calls.isEmpty() && !chain.hasCode(Create2.DEPLOYER)) {
            throw new ChainSetupException("chain " + chainId + " has no CREATE2 deployer at " + Create2.DEPLOYER
                    + ", so nothing can be deployed there");
        }
        if (!calls.isEmpty() && chain.etherBalance(operator.address()).signum() == 0) {
            throw new ChainSetupException("the operator " + operator + " has no ether on chain " + chainId
                    + " to deploy with: send it some");
        }
        sender.await(sender.send(operator, calls));
        placeProxies();
        ContractAddresses addresses = new ContractAddresses(
                chainId,
                opg,
                Optional.of(anchor),
                ContractAddresses.PERMIT2,
                ContractAddresses.UPTO_PROXY,
                ContractAddresses.EXACT_PROXY);
        List<String> missing = new ContractCheck(chain).missing(addresses);
        if (!missing.isEmpty()) {
            throw new ChainSetupException("after deploying to chain " + chainId + ": " + String.join("; ", missing));
        }
        return addresses;
    }

    /** Gives {@code wallet} gas, tokens and its approval of Permit2, each if it is short of it. On the dev chain only. */
    public void fund(ChainAccount wallet, ContractAddresses addresses) throws ChainSetupException, ChainException {
        if (devChain.isEmpty()) {
            throw new ChainSetupException("wallets are funded on the dev chain only");
        }
        giveEther(wallet.address());
        TokenContract token = new TokenContract(chain, addresses.opg());
        List<String> sent = new ArrayList<>();
        if (token.balanceOf(wallet.address()).compareTo(WALLET_LOW) < 0) {
            String call = TokenContract.transferCall(wallet.address(), WALLET_TOP_UP);
            sent.addAll(sender.send(operator, List.of(new DirectSender.Call("OPG", addresses.opg(), call))));
        }
        if (token.allowance(wallet.address(), addresses.permit2()).compareTo(UNLIMITED.shiftRight(1)) < 0) {
            String call = TokenContract.approveCall(addresses.permit2(), UNLIMITED);
            sent.addAll(sender.send(wallet, List.of(new DirectSender.Call("approval", addresses.opg(), call))));
        }
        sender.await(sent);
    }

    private EvmAddress token(Optional<ContractAddresses> known, List<Create2> wanted) throws ChainException {
        if (devChain.isEmpty() && known.isPresent() && chain.hasCode(known.get().opg())) {
            return known.get().opg();
        }
        String arguments = FunctionEncoder.encodeConstructor(
                List.of(new Address(operator.address().value()), new Uint256(SUPPLY)));
        wanted.add(new Create2("OPG", Create2.NO_SALT, ContractArtifact.OPG.creationCode() + arguments));
        return wanted.getLast().address();
    }

    private EvmAddress anchor(Optional<ContractAddresses> known, List<Create2> wanted) throws ChainException {
        Optional<EvmAddress> there = known.flatMap(ContractAddresses::anchor);
        if (there.isPresent() && chain.hasCode(there.get())) {
            return there.get();
        }
        wanted.add(new Create2("ReceiptAnchor", Create2.NO_SALT, ContractArtifact.RECEIPT_ANCHOR.creationCode()));
        return wanted.getLast().address();
    }

    private void placeProxies() throws ChainException {
        if (devChain.isPresent()) {
            place(ContractAddresses.UPTO_PROXY, ContractArtifact.UPTO_PROXY.runtimeCode());
            place(ContractAddresses.EXACT_PROXY, ContractArtifact.EXACT_PROXY.runtimeCode());
        }
    }

    private void place(EvmAddress address, String code) throws ChainException {
        if (!chain.code(address).equals(code)) {
            devChain.orElseThrow().devRpc().setCode(address, code);
        }
    }

    private void giveEther(EvmAddress account) throws ChainException {
        if (chain.etherBalance(account).compareTo(GAS_LOW) < 0) {
            devChain.orElseThrow().devRpc().setBalance(account, GAS_MONEY);
        }
    }
}
