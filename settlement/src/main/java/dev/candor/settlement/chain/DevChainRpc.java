package dev.candor.settlement.chain;

import dev.candor.attestation.crypto.EvmAddress;
import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.web3j.protocol.core.Response;
import org.web3j.utils.Numeric;

/** What anvil offers beyond other chains, and Hardhat's network in part. */
final class DevChainRpc {
    private static final String ANVIL = "anvil_";
    private static final String HARDHAT = "hardhat_";
    private static final BigInteger ETHER = BigInteger.TEN.pow(18);

    private final ChainClient chain;
    private final String prefix;

    DevChainRpc(ChainClient chain) {
        this(chain, ANVIL);
    }

    private DevChainRpc(ChainClient chain, String prefix) {
        this.chain = chain;
        this.prefix = prefix;
    }

    /** That of a chain which names itself anvil or Hardhat and takes such calls; empty for every other. */
    static Optional<DevChainRpc> find(ChainClient chain) throws ChainException {
        String version = chain.clientVersion().toLowerCase(Locale.ROOT);
        if (!version.startsWith("anvil/") && !version.startsWith("hardhatnetwork/")) {
            return Optional.empty();
        }
        DevChainRpc found = new DevChainRpc(chain, version.startsWith("anvil/") ? ANVIL : HARDHAT);
        try {
            chain.ask(found.prefix + "metadata", List.of(), AnyResponse.class);
            return Optional.of(found);
        } catch (ChainRpcException e) {
            return Optional.empty();
        }
    }

    /** Mines a block with whatever waits. */
    void mine() throws ChainException {
        chain.text("evm_mine");
    }

    /** How many transactions wait to be mined and could be. */
    long waiting() throws ChainException {
        Map<String, String> status = chain.ask("txpool_status", List.of(), PoolResponse.class);
        String pending = status == null ? null : status.get("pending");
        if (pending == null) {
            throw new ChainUnreachableException("txpool_status says nothing of pending transactions", null);
        }
        return Numeric.decodeQuantity(pending).longValueExact();
    }

    /** How many transactions the newest block has. */
    long newestBlockTransactions() throws ChainException {
        return Numeric.decodeQuantity(chain.text("eth_getBlockTransactionCountByNumber", "latest")).longValueExact();
    }

    void setBalance(EvmAddress account, BigInteger wei) throws ChainException {
        chain.ask(prefix + "setBalance", List.of(account.value(), Numeric.encodeQuantity(wei)), AnyResponse.class);
    }

    /** Gives {@code account} 100 ether if it has less than one. */
    void giveEther(EvmAddress account) throws ChainException {
        if (chain.etherBalance(account).compareTo(ETHER) < 0) {
            setBalance(account, ETHER.multiply(BigInteger.valueOf(100)));
        }
    }

    void setCode(EvmAddress address, String code) throws ChainException {
        chain.ask(prefix + "setCode", List.of(address.value(), code), AnyResponse.class);
    }

    /** Replaces the newest {@code depth} blocks by empty ones. */
    void reorg(int depth) throws ChainException {
        chain.ask("anvil_reorg", List.of(depth, List.of()), AnyResponse.class);
    }

    /** Takes a waiting transaction out of the pool. */
    void drop(String transactionHash) throws ChainException {
        chain.ask("anvil_dropTransaction", List.of(transactionHash), AnyResponse.class);
    }

    static final class PoolResponse extends Response<Map<String, String>> {}

    static final class AnyResponse extends Response<Object> {}
}
