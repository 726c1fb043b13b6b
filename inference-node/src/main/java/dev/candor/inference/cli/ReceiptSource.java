package dev.candor.inference.cli;

import dev.candor.attestation.receipt.ReceiptId;
import dev.candor.attestation.receipt.ReceiptVerificationException;
import dev.candor.attestation.receipt.SignedReceipt;
import dev.candor.client.sdk.NodeAnswer;
import dev.candor.client.sdk.NodeConnection;
import dev.candor.client.sdk.NodeException;
import dev.candor.client.verify.BundleCodec;
import dev.candor.client.verify.BundleException;
import dev.candor.client.verify.BundleStore;
import dev.candor.client.verify.ReceiptBundle;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;

/** Finds receipts: in files, on standard input, among the saved ones, and with the node. */
final class ReceiptSource {
    private final BundleCodec codec = new BundleCodec();
    private final BundleStore store;
    private final NodeConnection node;
    private final boolean offline;
    private final Consumer<String> notices;

    /**
     * @param offline do not ask the node
     * @param notices what a person should know of where a receipt came from
     */
    ReceiptSource(BundleStore store, NodeConnection node, boolean offline, Consumer<String> notices) {
        this.store = store;
        this.node = node;
        this.offline = offline;
        this.notices = notices;
    }

    /**
     * The receipt that a person names.
     *
     * @param receipt a file, an id, or - for standard input
     * @throws Exception with a message that says what is missing
     */
    ReceiptBundle find(String receipt) throws Exception {
        if (receipt.equals("-")) {
            return parse(bounded(System.in));
        }
        if (!receipt.matches("rcpt_[0-9a-f]{32}") || Files.isRegularFile(Path.of(receipt))) {
            Path file = Path.of(receipt);
            if (!Files.isRegularFile(file)) {
                throw new BundleException("there is no file " + receipt + ", and it is not a receipt id (rcpt_ and 32 hexadecimal digits)");
            }
            try (InputStream in = Files.newInputStream(file)) {
                return parse(bounded(in));
            }
        }
        ReceiptId id = new ReceiptId(receipt);
        Optional<ReceiptBundle> saved = store.load(id);
        return saved.isPresent() ? saved.get() : fetch(id);
    }

    private ReceiptBundle fetch(ReceiptId id) throws Exception {
        String missing = "receipt " + id + " is not saved at " + store.path(id);
        if (offline) {
            throw new BundleException(missing + "; without --offline it is asked of the node");
        }
        NodeAnswer answer = ask(id, missing);
        if (answer.status() != 200) {
            throw new NodeException(missing + ", and the node at " + node.base() + " has no receipt " + id + " (it answered " + answer.status() + ")");
        }
        notices.accept(missing + ": it comes from the node at " + node.base() + ", without the bytes of request and answer");
        return ReceiptBundle.bare(id, node.base().toString(), answer.body());
    }

    private NodeAnswer ask(ReceiptId id, String missing) throws NodeException, InterruptedException {
        try {
            return node.fetch("v1/receipts/" + id, "application/cose");
        } catch (NodeException e) {
            throw new NodeException(missing + ", and " + e.getMessage(), e);
        }
    }

    /** A bare receipt that was saved whole is checked whole. */
    private ReceiptBundle parse(byte[] bytes) throws BundleException {
        if (bytes.length > 0 && bytes[0] == '{') {
            return codec.read(bytes);
        }
        try {
            ReceiptId id = SignedReceipt.parse(bytes).receipt().id();
            return store.load(id)
                    .filter(saved -> Arrays.equals(saved.cose(), bytes))
                    .orElse(ReceiptBundle.bare(id, node.base().toString(), bytes));
        } catch (ReceiptVerificationException e) {
            throw new BundleException("this is neither a saved receipt (JSON) nor the bytes of a whole receipt (COSE): " + e.getMessage() + ". If it was one,"
                    + " it is cut short or damaged: copy it again, or name the receipt by its id, so that the node is asked for it", e);
        }
    }

    private static byte[] bounded(InputStream in) throws IOException, BundleException {
        byte[] bytes = in.readNBytes(BundleCodec.MAX_BYTES + 1);
        if (bytes.length > BundleCodec.MAX_BYTES) {
            throw new BundleException("this is longer than any saved receipt (" + BundleCodec.MAX_BYTES + " bytes)");
        }
        return bytes;
    }
}
