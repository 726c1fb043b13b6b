package dev.candor.settlement.x402;

/** An x402 message from outside is malformed; the message says where and how. */
public final class X402FormatException extends Exception {
    private final String code;

    /** @param code the x402 reason code: {@code invalid_payload} or {@code invalid_x402_version} */
    public X402FormatException(String code, String message) {
        super(message);
        this.code = code;
    }

    public String code() {
        return code;
    }
}
