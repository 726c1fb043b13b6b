package dev.candor.settlement.ledger;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.digest.Digest;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The events of the journal and their JSON. Together they hold everything the other tables say, long texts by their SHA-256,
 * so that a change to any table shows against the journal.
 */
final class JournalEntry {
    /** The hash that stands before the first entry. */
    static final String GENESIS = Digest.sha256("candor ledger journal v1".getBytes(StandardCharsets.UTF_8)).hex();

    static final String RESERVE = "reserve";
    static final String RELEASE = "release";
    static final String COMMIT = "commit";
    static final String LEAF = "leaf";
    static final String MOVE = "move";

    private JournalEntry() {}

    /** The hash of an entry: over the hash before it and its text, so that it stands for everything up to here. */
    static String hash(String before, String entry) {
        return Digest.sha256((before + "\n" + entry).getBytes(StandardCharsets.UTF_8)).hex();
    }

    static String textDigest(String text) {
        return digest(text.getBytes(StandardCharsets.UTF_8));
    }

    static String digest(byte[] bytes) {
        return Digest.sha256(bytes).hex();
    }

    static ObjectNode reserve(Reservation reservation) {
        PaymentKey key = reservation.key();
        return event(RESERVE)
                .put("payment", key.id())
                .put("chain_id", key.chainId())
                .put("payer", key.payer().value())
                .put("nonce", key.nonce().toString())
                .put("cap", reservation.cap().toString())
                .put("deadline", reservation.deadline().getEpochSecond())
                .put("body", reservation.bodyDigest().hex())
                .put("payload", textDigest(reservation.payloadJson()));
    }

    static ObjectNode release(PaymentKey key, String reason) {
        return event(RELEASE).put("payment", key.id()).put("detail", reason);
    }

    static ObjectNode commit(ReceiptCommit commit, long leafIndex) {
        ObjectNode entry = event(COMMIT);
        commit.payment().ifPresent(key -> entry.put("payment", key.id()));
        return entry.put("charged", commit.charged().toString())
                .put("receipt", commit.receipt().value())
                .put("cose", digest(commit.cose()))
                .put("leaf_index", leafIndex)
                .put("leaf", HexFormat.of().formatHex(commit.leaf()));
    }

    static ObjectNode leaf(byte[] leaf, long leafIndex) {
        return event(LEAF).put("leaf_index", leafIndex).put("leaf", HexFormat.of().formatHex(leaf));
    }

    static ObjectNode move(
            PaymentKey key, PaymentState from, PaymentState to, Optional<String> transaction, Optional<String> detail) {
        ObjectNode entry = event(MOVE).put("payment", key.id()).put("from", from.name()).put("to", to.name());
        transaction.ifPresent(hash -> entry.put("transaction", hash));
        detail.ifPresent(text -> entry.put("detail", text));
        return entry;
    }


    private static ObjectNode event(String name) {
        return JsonNodeFactory.instance.objectNode().put("event", name);
    }
}
