package dev.candor.inference.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.candor.attestation.digest.Digest;
import dev.candor.attestation.evidence.Attestation;
import dev.candor.attestation.receipt.Receipt;
import dev.candor.attestation.receipt.SignedReceipt;
import dev.candor.attestation.tlog.InclusionProof;
import dev.candor.attestation.tlog.LogVerifierKey;
import dev.candor.attestation.tlog.SignedCheckpoint;
import dev.candor.inference.e2e.DevChainView.Transfer;
import java.math.BigInteger;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Holds what buyers have in hand against the node, its log and its chain. */
final class Settlements {
    private final PayingClient client;
    private final URI node;

    Settlements(PayingClient client, URI node) {
        this.client = client;
        this.node = node;
    }

    boolean isSettled(Purchase purchase) throws Exception {
        return client.state(node, purchase.order()).equals("settled");
    }

    /** The payment's receipt is at the node, byte for byte the one in hand, signed by an attested key, and in the log. */
    Receipt receipt(Purchase purchase) throws Exception {
        String path = "/v1/receipts/" + purchase.receiptId().orElseThrow();
        byte[] cose = client.get(node, path, "application/cose").body();
        if (purchase.receipt().isPresent()) {
            assertThat(cose).as("receipt of %s", purchase.order().paymentId()).isEqualTo(purchase.receipt().get());
        }
        SignedReceipt signed = SignedReceipt.parse(cose);
        String evidence = signed.receipt().evidence().cpu().hex();
        Attestation attestation = Attestation.parse(client.get(node, "/v1/attestation/" + evidence, "application/json").body());
        signed.verifySignature(attestation.statement().receiptKeyBytes());
        JsonNode proof = client.json(node, path + "/proof");
        SignedCheckpoint checkpoint =
                SignedCheckpoint.open(proof.path("checkpoint").asText(), LogVerifierKey.parse(attestation.statement().logKey()));
        List<Digest> hashes = new ArrayList<>();
        proof.path("hashes").forEach(hash -> hashes.add(new Digest(hash.asText())));
        new InclusionProof(proof.path("leaf_index").asLong(), checkpoint.size(), hashes)
                .verify(signed.logEntry().leafHash(), checkpoint.checkpoint().root());
        return signed.receipt();
    }

    /** Each payment was taken from the payer exactly once, by the amount in its receipt; returns the sum. */
    BigInteger matchOneToOne(List<Purchase> purchases, List<Transfer> transfers) throws Exception {
        Map<String, BigInteger> moved = new HashMap<>();
        for (Transfer transfer : transfers) {
            assertThat(moved.put(transfer.transaction(), transfer.amount())).as("one transfer in %s", transfer.transaction()).isNull();
        }
        BigInteger sum = BigInteger.ZERO;
        for (Purchase purchase : purchases) {
            BigInteger charged = receipt(purchase).payment().orElseThrow().charged();
            JsonNode payment = client.json(node, "/x402/payments/" + purchase.order().paymentId());
            assertThat(payment.path("state").asText()).as("%s", payment).isEqualTo("settled");
            assertThat(payment.path("receipt").asText()).isEqualTo(purchase.receiptId().orElseThrow());
            assertThat(payment.path("charged").asText()).isEqualTo(charged.toString());
            assertThat(charged).isPositive().isLessThanOrEqualTo(purchase.order().cap());
            assertThat(moved.remove(payment.path("transaction").asText())).as("the transfer of %s", payment).isEqualTo(charged);
            sum = sum.add(charged);
        }
        assertThat(moved).as("transfers that belong to no payment").isEmpty();
        return sum;
    }
}
