package dev.candor.inference.cli;

import dev.candor.attestation.receipt.ReceiptId;
import dev.candor.client.sdk.BundleCompleter;
import dev.candor.client.sdk.NodeConnection;
import dev.candor.client.sdk.NodeException;
import dev.candor.client.verify.BundleStore;
import dev.candor.client.verify.Check;
import dev.candor.client.verify.ReceiptBundle;
import dev.candor.client.verify.VerificationReport;
import dev.candor.client.verify.VerifyOptions;
import dev.candor.inference.config.ConfigException;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code candor verify}: makes every check of one receipt. */
@Command(name = "verify", mixinStandardHelpOptions = true, description = "Check a receipt: a saved file, COSE bytes, or an id.")
final class VerifyCommand implements Callable<Integer> {
    @Mixin
    private ReceiptOptions receipt = new ReceiptOptions();

    @Option(names = "--offline", description = "Make no network call; the on-chain anchor is then skipped.")
    private boolean offline;

    @Option(names = "--receipt-only", description = "Accept a receipt without the bytes of its request and answer.")
    private boolean receiptOnly;

    @Override
    public Integer call() throws Exception {
        ClientSetup setup = new ClientSetup(receipt.client().folders().home());
        NodeConnection node = setup.connect(receipt.client().node());
        BundleStore store = setup.store();
        ReceiptBundle found = receipt.find(new ReceiptSource(store, node, offline, receipt::tell));
        Optional<ReceiptBundle> complete = offline ? Optional.of(found) : complete(found, setup);
        ReceiptBundle bundle = complete.orElse(found);
        VerifyOptions options = receipt.client().verification(setup.catalogDigests())
                .withOffline(offline).withReceiptOnly(receiptOnly).withNodeAsked(complete.isPresent());
        VerificationReport report = setup.verifier().verify(bundle, options);
        receipt.print(report.json(), out -> print(bundle.id(), report, out));
        return report.verified() ? 0 : 1;
    }

    /** Adds what came since the receipt was saved; empty if the node cannot be asked. */
    private Optional<ReceiptBundle> complete(ReceiptBundle bundle, ClientSetup setup) throws Exception {
        try {
            NodeConnection node = setup.connect(receipt.client().node(bundle));
            BundleStore store = setup.store();
            ReceiptBundle complete = new BundleCompleter(node).complete(bundle);
            Optional<ReceiptBundle> saved = store.load(bundle.id());
            if (complete != bundle && saved.filter(same -> same.describes(bundle)).isPresent()) {
                store.save(complete);
            }
            return Optional.of(complete);
        } catch (NodeException | ConfigException e) {
            receipt.tell(e.getMessage() + "; checking with what is saved");
            return Optional.empty();
        }
    }

    private static void print(ReceiptId id, VerificationReport report, PrintWriter out) {
        out.println("Receipt " + id);
        for (Check check : report.checks()) {
            out.printf("  %-22s %-8s %s%n", check.name().label(), check.result().wire(), check.detail());
        }
        out.println(report.summary());
    }
}
