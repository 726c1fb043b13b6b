package dev.candor.settlement.chain;

/** The chain's RPC endpoint answered with an error: the same question gets the same answer. */
public final class ChainRpcException extends ChainException {
    private static final int REVERT = 3;

    private final int code;
    private final String data;

    /** @param data the error's {@code data} member as text, for a revert {@code 0x} and the revert data; may be empty */
    public ChainRpcException(int code, String message, String data) {
        super(message, null);
        this.code = code;
        this.data = data;
    }

    /** The JSON-RPC error code; 3 for a revert. */
    public int code() {
        return code;
    }

    /** Whether a contract reverted, as opposed to the chain refusing the question. */
    public boolean isRevert() {
        return code == REVERT || !data.isEmpty() || getMessage().contains("execution reverted");
    }

    /** The revert data as {@code 0x} and hexadecimal digits, or an empty text. */
    public String data() {
        return data;
    }
}
