package dev.candor.settlement.x402;

/** The HTTP header names of x402 v2; names are case-insensitive (RFC 9110 section 5.1). */
public final class X402Headers {
    /** Answer 402: the terms, a {@link PaymentRequired}. */
    public static final String PAYMENT_REQUIRED = "PAYMENT-REQUIRED";

    /** Request: the payment, a {@link PaymentPayload}. */
    public static final String PAYMENT_SIGNATURE = "PAYMENT-SIGNATURE";

    /** Answer: the outcome of a settlement, a {@link SettlementResponse}. */
    public static final String PAYMENT_RESPONSE = "PAYMENT-RESPONSE";

    private X402Headers() {}
}
