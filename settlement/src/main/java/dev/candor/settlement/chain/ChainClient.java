package dev.candor.settlement.chain;

import dev.candor.attestation.crypto.EvmAddress;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.web3j.protocol.core.DefaultBlockParameter;
import org.web3j.protocol.core.Request;
import org.web3j.protocol.core.Response;
import org.web3j.protocol.core.methods.request.EthFilter;
import org.web3j.protocol.core.methods.request.Transaction;
import org.web3j.protocol.core.methods.response.EthBlock;
import org.web3j.protocol.core.methods.response.EthLog;
import org.web3j.protocol.core.methods.response.EthGetTransactionReceipt;
import org.web3j.protocol.core.methods.response.Log;
import org.web3j.protocol.core.methods.response.TransactionReceipt;
import org.web3j.utils.Numeric;

/**
 * Asks an EVM chain over JSON-RPC. Every method blocks for at most the timeout. Whatever comes back is checked for form,
 * never believed. Thread-safe.
 */
public final class ChainClient implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final Pattern HASH = Pattern.compile("0x[0-9a-fA-F]{64}");
    private static final Pattern HEX = Pattern.compile("0x[0-9a-fA-F]*");

    private final JsonRpcTransport transport;

    public ChainClient(URI endpoint) {
        this(endpoint, TIMEOUT);
    }

    public ChainClient(URI endpoint, Duration timeout) {
        this.transport = new JsonRpcTransport(endpoint, timeout);
    }

    public URI endpoint() {
        return transport.endpoint();
    }

    public long chainId() throws ChainException {
        return count(text("eth_chainId"));
    }

    /** The program behind the endpoint as it names itself, empty if it does not know the question. */
    public String clientVersion() throws ChainException {
        try {
            return text("web3_clientVersion");
        } catch (ChainRpcException e) {
            return "";
        }
    }

    /** Number of the newest block. */
    public long blockNumber() throws ChainException {
        return count(text("eth_blockNumber"));
    }

    /** The newest block's header. */
    public BlockHeader latestBlock() throws ChainException {
        return header("latest").orElseThrow(() -> malformed("no newest block", null));
    }

    /** The header of block {@code number} on the chain as it is now, if the chain is that long. */
    public Optional<BlockHeader> block(long number) throws ChainException {
        return header(Numeric.encodeQuantity(BigInteger.valueOf(number)));
    }

    /** Wei that {@code account} holds. */
    public BigInteger etherBalance(EvmAddress account) throws ChainException {
        return quantity(text("eth_getBalance", account.value(), "latest"));
    }

    /** How many transactions of {@code account} are mined. */
    public long minedCount(EvmAddress account) throws ChainException {
        return count(text("eth_getTransactionCount", account.value(), "latest"));
    }

    /** As {@link #minedCount}, with those that wait in the pool in sequence. */
    public long pendingCount(EvmAddress account) throws ChainException {
        return count(text("eth_getTransactionCount", account.value(), "pending"));
    }

    /** Whether there is code at {@code address}. */
    public boolean hasCode(EvmAddress address) throws ChainException {
        return code(address).length() > 2;
    }

    /** The runtime code at {@code address}, {@code 0x} and hexadecimal digits. */
    public String code(EvmAddress address) throws ChainException {
        return text("eth_getCode", address.value(), "latest");
    }

    /**
     * Asks a contract for what the newest block says.
     *
     * @return {@code 0x} and the returned bytes
     */
    public String view(EvmAddress contract, String data) throws ChainException {
        return text("eth_call", Transaction.createEthCallTransaction(null, contract.value(), data), "latest");
    }

    /**
     * Calls a contract without a transaction, at the block that would be mined now. The newest block itself would carry
     * an old time on a chain that rests.
     *
     * @param from the sender to be assumed, or null
     * @return {@code 0x} and the returned bytes
     * @throws ChainRpcException if the call reverts; its data say why
     */
    public String call(EvmAddress from, EvmAddress to, String data) throws ChainException {
        return text("eth_call", Transaction.createEthCallTransaction(sender(from), to.value(), data), "pending");
    }

    /** The gas a transaction needs now. @throws ChainRpcException if it would revert */
    public BigInteger estimateGas(EvmAddress from, EvmAddress to, String data) throws ChainException {
        Transaction transaction = Transaction.createEthCallTransaction(sender(from), to.value(), data);
        return quantity(text("eth_estimateGas", transaction, "pending"));
    }

    /** The tip in wei that the chain suggests, zero if it does not know the question. */
    public BigInteger suggestedTip() throws ChainException {
        try {
            return quantity(text("eth_maxPriorityFeePerGas"));
        } catch (ChainRpcException e) {
            return BigInteger.ZERO;
        }
    }

    /** Hands a signed transaction to the chain; returns its hash. */
    public String sendRaw(String rawTransaction) throws ChainException {
        return text("eth_sendRawTransaction", rawTransaction);
    }

    /** What became of a transaction, empty while it is not mined on the chain as it is now. */
    public Optional<TransactionResult> result(String transactionHash) throws ChainException {
        TransactionReceipt receipt = ask("eth_getTransactionReceipt", List.of(transactionHash), EthGetTransactionReceipt.class);
        if (receipt == null || receipt.getBlockHash() == null) {
            return Optional.empty();
        }
        return Optional.of(result(receipt));
    }

    /** The data a transaction was sent with, {@code 0x} and hexadecimal digits; empty if the chain does not know it. */
    public Optional<String> input(String transactionHash) throws ChainException {
        return Optional.ofNullable(
                        ask("eth_getTransactionByHash", List.of(transactionHash), TransactionResponse.class))
                .map(org.web3j.protocol.core.methods.response.Transaction::getInput)
                .map(data -> data.toLowerCase(Locale.ROOT));
    }

    /** Events of {@code address} in the given blocks whose first topics are {@code topics}. */
    public List<EventLog> logs(EvmAddress address, long fromBlock, long toBlock, List<String> topics) throws ChainException {
        EthFilter filter = new EthFilter(
                DefaultBlockParameter.valueOf(BigInteger.valueOf(fromBlock)),
                DefaultBlockParameter.valueOf(BigInteger.valueOf(toBlock)),
                address.value());
        topics.forEach(filter::addSingleTopic);
        try {
            return ask("eth_getLogs", List.of(filter), EthLog.class).stream()
                    .map(entry -> event((Log) entry.get()))
                    .toList();
        } catch (RuntimeException e) {
            throw malformed("malformed events", e);
        }
    }

    /** Asks for one text, for methods that {@link ChainClient} does not name. */
    String text(String method, Object... params) throws ChainException {
        String answer = ask(method, List.of(params), TextResponse.class);
        if (answer == null) {
            throw malformed(method + " answered null", null);
        }
        return answer;
    }

    /** Asks for anything; the result is null where the chain says so. */
    <T> T ask(String method, List<?> params, Class<? extends Response<T>> type) throws ChainException {
        Response<T> response;
        try {
            response = new Request<>(method, List.copyOf(params), transport, type).send();
        } catch (IOException | RuntimeException e) {
            throw new ChainUnreachableException("no usable answer from " + endpoint() + " to " + method + ": " + reason(e), e);
        }
        if (response == null) {
            throw malformed("nothing to " + method, null);
        }
        if (response.hasError()) {
            Response.Error error = response.getError();
            String message = error.getMessage() == null ? "error without a message" : error.getMessage();
            throw new ChainRpcException(error.getCode(), method + ": " + message, revertData(error.getData()));
        }
        return response.getResult();
    }

    private Optional<BlockHeader> header(String block) throws ChainException {
        EthBlock.Block found = ask("eth_getBlockByNumber", List.of(block, false), EthBlock.class);
        if (found == null) {
            return Optional.empty();
        }
        try {
            BigInteger fee = found.getBaseFeePerGas() == null ? BigInteger.ZERO : found.getBaseFeePerGas();
            Instant time = Instant.ofEpochSecond(found.getTimestamp().longValueExact());
            return Optional.of(new BlockHeader(found.getNumber().longValueExact(), hash(found.getHash()), time, fee));
        } catch (RuntimeException e) {
            throw malformed("a malformed block", e);
        }
    }

    private TransactionResult result(TransactionReceipt receipt) throws ChainException {
        try {
            return new TransactionResult(
                    hash(receipt.getTransactionHash()),
                    receipt.getBlockNumber().longValueExact(),
                    hash(receipt.getBlockHash()),
                    "0x1".equals(receipt.getStatus()),
                    receipt.getGasUsed().longValueExact(),
                    receipt.getLogs().stream().map(ChainClient::event).toList());
        } catch (RuntimeException e) {
            throw malformed("a malformed transaction receipt", e);
        }
    }

    private static EventLog event(Log log) {
        if (!HEX.matcher(log.getData()).matches()) {
            throw new IllegalArgumentException("an event's data are not hexadecimal");
        }
        return new EventLog(
                EvmAddress.parse(log.getAddress()),
                log.getTopics().stream().map(ChainClient::hash).toList(),
                log.getData().toLowerCase(Locale.ROOT),
                hash(log.getTransactionHash()),
                log.getBlockNumber().longValueExact());
    }

    private BigInteger quantity(String text) throws ChainException {
        try {
            return Numeric.decodeQuantity(text);
        } catch (RuntimeException e) {
            throw malformed("not a quantity: " + clip(text), e);
        }
    }

    private long count(String text) throws ChainException {
        BigInteger number = quantity(text);
        if (number.signum() < 0 || number.bitLength() > 63) {
            throw malformed("the absurd count " + clip(text), null);
        }
        return number.longValueExact();
    }

    private ChainUnreachableException malformed(String what, Exception cause) {
        return new ChainUnreachableException(endpoint() + " answered " + what, cause);
    }

    private static String hash(String text) {
        if (!HASH.matcher(text).matches()) {
            throw new IllegalArgumentException("not a hash: " + clip(text));
        }
        return text.toLowerCase(Locale.ROOT);
    }

    private static String sender(EvmAddress from) {
        return from == null ? null : from.value();
    }

    private static String revertData(String data) {
        String bare = data == null ? "" : data.replace("\"", "");
        return HEX.matcher(bare).matches() ? bare : "";
    }

    private static String reason(Exception e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : clip(e.getMessage());
    }

    private static String clip(String text) {
        return text.length() <= 200 ? text : text.substring(0, 200) + "…";
    }

    @Override
    public void close() {
        transport.close();
    }

    /** A JSON-RPC answer whose result is a text. */
    static final class TextResponse extends Response<String> {}

    /** A JSON-RPC answer whose result is a transaction, or null. */
    static final class TransactionResponse extends Response<org.web3j.protocol.core.methods.response.Transaction> {}
}
