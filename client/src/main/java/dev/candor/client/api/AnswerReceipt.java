package dev.candor.client.api;

import dev.candor.attestation.receipt.PaymentBinding;
import dev.candor.attestation.receipt.Receipt;
import dev.candor.client.pay.OpgAmount;
import dev.candor.client.verify.ReceiptBundle;
import dev.candor.client.verify.VerificationReport;
import java.math.BigInteger;

/**
 * A receipt that verified.
 *
 * @param signed what the node's key signed
 * @param report what each check found
 * @param bundle the receipt with request, answer and Evidence, as it is kept and can be checked again by anybody
 */
public record AnswerReceipt(Receipt signed, VerificationReport report, ReceiptBundle bundle) {
    /** The receipt's id, {@code rcpt_} and 32 hexadecimal digits. */
    public String id() {
        return signed.id().value();
    }

    /** The model that ran, {@code publisher/name@version}. */
    public String model() {
        return signed.model().name();
    }

    /** The SHA-256 of the model's manifest, over all its files. */
    public String modelDigest() {
        return signed.model().digest().hex();
    }

    /** What was charged, in atomic units; zero for a free answer. */
    public BigInteger charged() {
        return signed.payment().map(PaymentBinding::charged).orElse(BigInteger.ZERO);
    }

    /** What was charged, for people, for example {@code 0.000123 OPG}. */
    public String price() {
        return new OpgAmount(charged()).toString();
    }

    /** One sentence for people; says where Evidence of software proves nothing about the machine. */
    public String summary() {
        return report.summary();
    }

    /** Id, model, price and what the checks came to. */
    @Override
    public String toString() {
        return "AnswerReceipt[" + id() + ", " + model() + ", " + price() + ", " + summary() + "]";
    }
}
