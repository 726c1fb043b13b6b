package dev.candor.inference.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.candor.attestation.receipt.ReceiptId;
import dev.candor.attestation.receipt.ReceiptVerificationException;
import dev.candor.attestation.receipt.SignedReceipt;
import dev.candor.client.sdk.BundleCompleter;
import dev.candor.client.sdk.NodeAnswer;
import dev.candor.client.sdk.NodeConnection;
import dev.candor.client.sdk.NodeException;
import dev.candor.client.verify.BundleCodec;
import dev.candor.client.verify.BundleException;
import dev.candor.client.verify.BundleStore;
import dev.candor.client.verify.Check;
import dev.candor.client.verify.ReceiptBundle;
import dev.candor.client.verify.VerificationReport;
import dev.candor.client.verify.VerifyOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code candor verify}: makes every check of one receipt. */
@Command(name = "verify", mixinStandardHelpOptions = true, description = "Check a receipt: a saved file, COSE bytes, or an id.")
final class VerifyCommand implements Callable<Integer> {
    @Mixin
    private ClientOptions client = new ClientOptions();

    @Option(names = "--offline", description = "Make no network call; the on-chain anchor is then skipped.")
    private boolean offline;

    @Option(names = "--receipt-only", description = "Accept a receipt without the bytes of its request and answer.")
    private boolean receiptOnly;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Parameters(paramLabel = "RECEIPT", description = "A file, a receipt id, or - for standard input.")
    private String receipt;

    @Spec
    private CommandSpec spec;

    private final BundleCodec codec = new BundleCodec();

    @Override
    public Integer call() throws Exception {
        ClientSetup setup = new ClientSetup(client.folders().home());
        NodeConnection node = setup.connect(client.node());
        BundleStore store = setup.store();
        ReceiptBundle bundle = find(store, node);
        if (!offline) {
            bundle = complete(bundle, node, store);
        }
        VerifyOptions options = client.verification(setup.catalogDigests()).withOffline(offline).withReceiptOnly(receiptOnly);
        VerificationReport report = setup.verifier().verify(bundle, options);
        print(bundle, report);
        return report.verified() ? 0 : 1;
    }

    private ReceiptBundle find(BundleStore store, NodeConnection node) throws Exception {
        if (receipt.equals("-")) {
            return parse(bounded(System.in), store, node);
        }
        if (!receipt.matches("rcpt_[0-9a-f]{32}") || Files.isRegularFile(Path.of(receipt))) {
            Path file = Path.of(receipt);
            if (!Files.isRegularFile(file)) {
                throw new BundleException("there is no file " + receipt + ", and it is not a receipt id (rcpt_ and 32 hexadecimal digits)");
            }
            try (InputStream in = Files.newInputStream(file)) {
                return parse(bounded(in), store, node);
            }
        }
        ReceiptId id = new ReceiptId(receipt);
        Optional<ReceiptBundle> saved = store.load(id);
        return saved.isPresent() ? saved.get() : fetch(id, node);
    }

    private ReceiptBundle fetch(ReceiptId id, NodeConnection node) throws Exception {
        if (offline) {
            throw new BundleException("receipt " + id + " is not saved under " + client.folders().home().receipts()
                    + "; without --offline it is asked of the node");
        }
        NodeAnswer answer = node.fetch("v1/receipts/" + id, "application/cose");
        if (answer.status() != 200) {
            throw new NodeException("the node at " + node.base() + " has no receipt " + id + " (it answered " + answer.status() + ")");
        }
        return ReceiptBundle.bare(id, node.base().toString(), answer.body());
    }

    /** A bare receipt that was saved whole is checked whole. */
    private ReceiptBundle parse(byte[] bytes, BundleStore store, NodeConnection node) throws BundleException {
        if (bytes.length > 0 && bytes[0] == '{') {
            return codec.read(bytes);
        }
        try {
            ReceiptId id = SignedReceipt.parse(bytes).receipt().id();
            return store.load(id)
                    .filter(saved -> Arrays.equals(saved.cose(), bytes))
                    .orElse(ReceiptBundle.bare(id, node.base().toString(), bytes));
        } catch (ReceiptVerificationException e) {
            throw new BundleException("this is neither a saved receipt (JSON) nor a receipt's COSE bytes: " + e.getMessage(), e);
        }
    }

    /** Adds what came since the receipt was saved; a node that is gone leaves the bundle as it is. */
    private ReceiptBundle complete(ReceiptBundle bundle, NodeConnection node, BundleStore store) throws Exception {
        try {
            ReceiptBundle complete = new BundleCompleter(node).complete(bundle);
            Optional<ReceiptBundle> saved = store.load(bundle.id());
            if (complete != bundle && saved.filter(same -> same.describes(bundle)).isPresent()) {
                store.save(complete);
            }
            return complete;
        } catch (NodeException e) {
            spec.commandLine().getErr().println("candor: " + e.getMessage() + "; checking with what is saved");
            return bundle;
        }
    }

    private void print(ReceiptBundle bundle, VerificationReport report) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(new ObjectMapper().writeValueAsString(report.json()));
        } else {
            out.println("Receipt " + bundle.id());
            for (Check check : report.checks()) {
                out.printf("  %-22s %-8s %s%n", check.name().label(), check.result().wire(), check.detail());
            }
            out.println(report.summary());
        }
        out.flush();
    }

    private static byte[] bounded(InputStream in) throws IOException, BundleException {
        byte[] bytes = in.readNBytes(BundleCodec.MAX_BYTES + 1);
        if (bytes.length > BundleCodec.MAX_BYTES) {
            throw new BundleException("this is longer than any saved receipt (" + BundleCodec.MAX_BYTES + " bytes)");
        }
        return bytes;
    }
}
