package dev.candor.settlement.chain;

import dev.candor.attestation.crypto.EvmAddress;
import dev.candor.attestation.digest.Digest;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.web3j.abi.EventEncoder;
import org.web3j.abi.FunctionEncoder;
import org.web3j.abi.datatypes.Address;
import org.web3j.abi.datatypes.DynamicArray;
import org.web3j.abi.datatypes.Function;
import org.web3j.abi.datatypes.generated.Bytes32;
import org.web3j.abi.datatypes.generated.Uint64;

/** {@code ReceiptAnchor}: hash-chained log roots per account. */
public final class AnchorContract {
    private static final String ANCHORED =
            EventEncoder.buildEventSignature("Anchored(address,uint64,bytes32,uint64,bytes32,bytes32)");

    private final ChainClient chain;
    private final EvmAddress contract;

    public AnchorContract(ChainClient chain, EvmAddress contract) {
        this.chain = chain;
        this.contract = contract;
    }

    public EvmAddress address() {
        return contract;
    }

    /** The end of {@code account}'s chain of anchors. */
    public AnchorHead headOf(EvmAddress account) throws ChainException {
        Function function = new Function("headOf", List.of(new Address(account.value())), List.of());
        Words words = Words.of(chain.view(contract, FunctionEncoder.encode(function)), 3);
        return new AnchorHead(words.hex(0), words.count(1), words.count(2));
    }

    /** The call {@code anchor(origin, size, root)}, as hexadecimal text. */
    public static String anchorCall(Digest origin, long size, Digest root) {
        return FunctionEncoder.encode(new Function(
                "anchor",
                List.of(new Bytes32(origin.bytes()), new Uint64(BigInteger.valueOf(size)), new Bytes32(root.bytes())),
                List.of()));
    }

    /** Whether the contract takes {@code proof} for the leaf; the chain computes it. */
    public boolean verifyInclusion(Digest root, long size, Digest leafHash, long index, List<Digest> proof)
            throws ChainException {
        DynamicArray<Bytes32> nodes =
                new DynamicArray<>(Bytes32.class, proof.stream().map(node -> new Bytes32(node.bytes())).toList());
        Function function = new Function(
                "verifyInclusion",
                List.of(
                        new Bytes32(root.bytes()),
                        new Uint64(BigInteger.valueOf(size)),
                        new Bytes32(leafHash.bytes()),
                        new Uint64(BigInteger.valueOf(index)),
                        nodes),
                List.of());
        return Words.of(chain.view(contract, FunctionEncoder.encode(function)), 1).number(0).signum() != 0;
    }

    /** The first anchor made in a transaction, by anybody, if there is one. */
    public Optional<AnchorEvent> anchored(TransactionResult result) throws ChainException {
        return first(result, event -> true);
    }

    /** The first anchor that {@code account} made in a transaction, if it did. */
    public Optional<AnchorEvent> anchored(TransactionResult result, EvmAddress account) throws ChainException {
        return first(result, event -> event.account().equals(account));
    }

    private Optional<AnchorEvent> first(TransactionResult result, Predicate<AnchorEvent> wanted) throws ChainException {
        if (!result.succeeded()) {
            return Optional.empty();
        }
        for (EventLog log : result.logs()) {
            Optional<AnchorEvent> event = event(log).filter(wanted);
            if (event.isPresent()) {
                return event;
            }
        }
        return Optional.empty();
    }

    private Optional<AnchorEvent> event(EventLog log) throws ChainException {
        List<String> topics = log.topics();
        if (!log.address().equals(contract) || topics.size() != 4 || !topics.getFirst().equals(ANCHORED)) {
            return Optional.empty();
        }
        Words data = Words.of(log.data(), 3);
        return Optional.of(new AnchorEvent(
                EvmAddress.parse("0x" + topics.get(1).substring(26)),
                Words.of(topics.get(2), 1).count(0),
                new Digest(topics.get(3).substring(2)),
                data.count(0),
                new Digest(data.hex(1)),
                data.hex(2)));
    }
}
