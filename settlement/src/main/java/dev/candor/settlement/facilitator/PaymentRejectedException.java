package dev.candor.settlement.facilitator;

/** A payment that is not taken. */
public final class PaymentRejectedException extends Exception {
    /** What kind of refusal it is, and so which HTTP status it becomes. */
    public enum Kind {
        /** The payload is not well-formed: 400. */
        MALFORMED,
        /** The payment does not satisfy the offer: 402 with a fresh offer. */
        INVALID,
        /** The node takes no payments for now: 503, nothing was taken. */
        BACKLOG
    }

    private final Kind kind;
    private final String code;

    /** @param code the x402 reason code, for example {@code invalid_permit2_signature}, or {@code settlement_backlog} */
    public PaymentRejectedException(Kind kind, String code, String message) {
        super(message);
        this.kind = kind;
        this.code = code;
    }

    public Kind kind() {
        return kind;
    }

    public String code() {
        return code;
    }
}
