package dev.candor.settlement.ledger;

import dev.candor.attestation.cbor.CoseException;
import dev.candor.attestation.cbor.CoseSign1;
import dev.candor.attestation.crypto.EvmAddress;
import dev.candor.attestation.crypto.InvalidSignatureException;
import dev.candor.attestation.crypto.Secp256k1;
import dev.candor.attestation.digest.Digest;
import dev.candor.attestation.receipt.LogEntry;
import dev.candor.attestation.receipt.PaymentBinding;
import dev.candor.attestation.receipt.Receipt;
import dev.candor.attestation.receipt.ReceiptChecks;
import dev.candor.attestation.receipt.ReceiptCodec;
import dev.candor.attestation.receipt.ReceiptVerificationException;
import dev.candor.attestation.receipt.SignedReceipt;
import dev.candor.settlement.ledger.JournalReplay.Told;
import dev.candor.settlement.ledger.SqlLedgerReader.ReceiptRow;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/** Holds one stored receipt against the payment it charges, the leaf that logs it, and the key that is to have signed it. */
final class ReceiptAudit {
    private final Map<EvmAddress, byte[]> keys;
    private final LedgerFaults faults;

    /** @param keys the node's receipt keys, compressed, by address; where empty, a receipt need only fit the key it names */
    ReceiptAudit(Map<EvmAddress, byte[]> keys, LedgerFaults faults) {
        this.keys = keys;
        this.faults = faults;
    }

    void check(ReceiptRow row, byte[] leaf, Optional<Told> payment) {
        SignedReceipt signed;
        try {
            signed = SignedReceipt.parse(row.cose());
            checkSignature(signed);
        } catch (ReceiptVerificationException | CoseException | InvalidSignatureException e) {
            faults.add("receipt " + row.id() + ": " + e.getMessage());
            return;
        }
        if (!signed.receipt().id().value().equals(row.id())) {
            faults.add("receipt " + row.id() + ": its bytes are those of receipt " + signed.receipt().id());
        }
        if (!Arrays.equals(LogEntry.receipt(row.cose()).bytes(), leaf)) {
            faults.add("receipt " + row.id() + ": leaf " + row.leaf() + " does not log it");
        }
        checkPayment(row, signed.receipt(), payment);
    }

    private void checkSignature(SignedReceipt signed)
            throws ReceiptVerificationException, CoseException, InvalidSignatureException {
        if (keys.isEmpty()) {
            checkNamedKey(signed);
            return;
        }
        byte[] key = keys.get(signed.signer());
        if (key == null) {
            throw new ReceiptVerificationException("its signer " + signed.signer() + " is the key of no stored attestation");
        }
        signed.verifySignature(key);
    }

    /** A compact signature does not say which of two keys made it: one of them must have the address that the receipt names. */
    private static void checkNamedKey(SignedReceipt signed) throws ReceiptVerificationException, CoseException {
        CoseSign1 message = CoseSign1.parse(signed.cose(), ReceiptCodec.MAX_BYTES);
        byte[] digest = Digest.sha256(message.toBeSigned(new byte[0])).bytes();
        byte[] recoverable = Arrays.copyOf(message.signature(), message.signature().length + 1);
        for (byte v = 27; v <= 28; v++) {
            recoverable[recoverable.length - 1] = v;
            try {
                if (Secp256k1.get().recover(digest, recoverable).equals(signed.signer())) {
                    return;
                }
            } catch (InvalidSignatureException e) {
                continue;
            }
        }
        throw new ReceiptVerificationException("its signature was not made by " + signed.signer() + ", whom it names");
    }

    private void checkPayment(ReceiptRow row, Receipt receipt, Optional<Told> payment) {
        Optional<PaymentBinding> bound = receipt.payment();
        if (bound.isPresent() != payment.isPresent()) {
            faults.add("receipt " + row.id() + ": "
                    + (bound.isPresent() ? "names a payment, the ledger has none for it" : "names no payment, the ledger has one for it"));
            return;
        }
        if (bound.isEmpty()) {
            return;
        }
        Told told = payment.get();
        same(row, "amount", bound.get().charged(), told.charged());
        same(row, "cap", bound.get().cap(), told.cap());
        same(row, "payer", bound.get().payer(), told.key().payer());
        same(row, "nonce", bound.get().nonce(), told.key().nonce());
        same(row, "network", bound.get().network(), "eip155:" + told.key().chainId());
        try {
            ReceiptChecks.payment(receipt);
        } catch (ReceiptVerificationException e) {
            faults.add("receipt " + row.id() + ": " + e.getMessage());
        }
    }

    private void same(ReceiptRow row, String what, Object said, Object held) {
        if (!said.equals(held)) {
            faults.add("receipt " + row.id() + ": its " + what + " is " + said + ", the payment's is " + held);
        }
    }
}
