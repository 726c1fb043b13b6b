package dev.candor.settlement.scheme;

/** A payment that does not satisfy its offer; the message says which member and what was wanted. */
public final class SchemeException extends Exception {
    private final String code;
    private final boolean malformed;

    private SchemeException(String code, String message, boolean malformed) {
        super(message);
        this.code = code;
        this.malformed = malformed;
    }

    /** @param code the reason code of the x402 reference facilitator */
    static SchemeException invalid(String code, String message) {
        return new SchemeException(code, message, false);
    }

    static SchemeException malformed(String message) {
        return new SchemeException("invalid_payload", message, true);
    }

    /** The x402 reason code, for example {@code invalid_permit2_signature}. */
    public String code() {
        return code;
    }

    /** Whether the payload does not even have the scheme's form. */
    public boolean isMalformed() {
        return malformed;
    }
}
