package dev.candor.settlement.chain;

import dev.candor.attestation.crypto.EvmAddress;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import org.web3j.protocol.core.Response;
import org.web3j.utils.Numeric;

/** What anvil offers beyond other chains. */
final class DevChainRpc {
    private final ChainClient chain;

    DevChainRpc(ChainClient chain) {
        this.chain = chain;
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
        chain.ask("anvil_setBalance", List.of(account.value(), Numeric.encodeQuantity(wei)), AnyResponse.class);
    }

    void setCode(EvmAddress address, String code) throws ChainException {
        chain.ask("anvil_setCode", List.of(address.value(), code), AnyResponse.class);
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
