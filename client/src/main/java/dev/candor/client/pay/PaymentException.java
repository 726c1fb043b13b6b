package dev.candor.client.pay;

/** No payment could be made for an offer; the message says why and what to do. */
public final class PaymentException extends Exception {
    public PaymentException(String message) {
        super(message);
    }

    public PaymentException(String message, Throwable cause) {
        super(message, cause);
    }
}
