package dev.candor.settlement.chain;

import dev.candor.attestation.crypto.EvmAddress;
import java.math.BigInteger;
import java.util.List;
import org.web3j.abi.FunctionEncoder;
import org.web3j.abi.datatypes.Address;
import org.web3j.abi.datatypes.Function;
import org.web3j.abi.datatypes.generated.Uint256;
import org.web3j.utils.Numeric;

/** An ERC-20 token. */
public final class TokenContract {
    /** Topic of {@code Transfer(address,address,uint256)}. */
    static final String TRANSFER_TOPIC = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";

    private final ChainClient chain;
    private final EvmAddress token;

    public TokenContract(ChainClient chain, EvmAddress token) {
        this.chain = chain;
        this.token = token;
    }

    public EvmAddress address() {
        return token;
    }

    /** Atomic units that {@code owner} holds. */
    public BigInteger balanceOf(EvmAddress owner) throws ChainException {
        return number(new Function("balanceOf", List.of(new Address(owner.value())), List.of()));
    }

    /** Atomic units of {@code owner} that {@code spender} may move. */
    public BigInteger allowance(EvmAddress owner, EvmAddress spender) throws ChainException {
        return number(new Function(
                "allowance", List.of(new Address(owner.value()), new Address(spender.value())), List.of()));
    }

    /** Whether {@code result} holds an event of this token that moved exactly {@code amount}. */
    public boolean moved(TransactionResult result, EvmAddress from, EvmAddress to, BigInteger amount) {
        return result.succeeded()
                && result.logs().stream().anyMatch(log -> log.address().equals(token)
                        && log.topics().equals(List.of(TRANSFER_TOPIC, topic(from), topic(to)))
                        && log.data().equals(Numeric.toHexStringWithPrefixZeroPadded(amount, 64)));
    }

    /** Events of this token between two accounts from block {@code fromBlock} on. */
    public List<EventLog> transfers(EvmAddress from, EvmAddress to, long fromBlock) throws ChainException {
        return chain.logs(token, fromBlock, chain.blockNumber(), List.of(TRANSFER_TOPIC, topic(from), topic(to)));
    }

    /** The call {@code transfer(to, amount)}. */
    static String transferCall(EvmAddress to, BigInteger amount) {
        return FunctionEncoder.encode(
                new Function("transfer", List.of(new Address(to.value()), new Uint256(amount)), List.of()));
    }

    /** The call {@code approve(spender, amount)}. */
    static String approveCall(EvmAddress spender, BigInteger amount) {
        return FunctionEncoder.encode(
                new Function("approve", List.of(new Address(spender.value()), new Uint256(amount)), List.of()));
    }

    private BigInteger number(Function function) throws ChainException {
        return Words.of(chain.view(token, FunctionEncoder.encode(function)), 1).number(0);
    }

    private static String topic(EvmAddress address) {
        return "0x" + "0".repeat(24) + address.value().substring(2);
    }
}
