package dev.candor.client.error;

import dev.candor.client.verify.ReceiptBundle;
import dev.candor.client.verify.VerificationReport;
import java.util.Optional;

/**
 * The node's answer, or what it shows of itself, does not verify: the answer is withheld. Of a stream, the parts that were handed out before its end
 * must not be used.
 */
public final class UnverifiedAnswerException extends CandorException {
    private static final long serialVersionUID = 1L;

    private final transient Optional<VerificationReport> report;
    private final transient Optional<ReceiptBundle> bundle;

    /**
     * With the checks that were made.
     *
     * @param message for people
     * @param report  absent where there was no receipt to check
     * @param bundle  what the node gave, as evidence against it
     * @param cause   may be null
     */
    public UnverifiedAnswerException(String message, Optional<VerificationReport> report, Optional<ReceiptBundle> bundle, Throwable cause) {
        super(message, cause);
        this.report = report;
        this.bundle = bundle;
    }

    /**
     * What became of each check.
     *
     * @return empty where there was no receipt to check
     */
    public Optional<VerificationReport> report() {
        return report;
    }

    /**
     * The answer with its receipt, as the node gave it: evidence, not an answer.
     *
     * @return empty where there was no receipt
     */
    public Optional<ReceiptBundle> bundle() {
        return bundle;
    }
}
