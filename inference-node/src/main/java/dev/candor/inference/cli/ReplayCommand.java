package dev.candor.inference.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.receipt.Receipt;
import dev.candor.client.verify.ReceiptBundle;
import dev.candor.hub.catalog.ModelCatalog;
import dev.candor.hub.manifest.VerifiedModel;
import dev.candor.hub.store.ModelProvisioner;
import dev.candor.hub.store.ModelStore;
import dev.candor.inference.engine.ort.OrtGraphCheck;
import dev.candor.inference.engine.replay.ReplayVerdict;
import dev.candor.inference.engine.replay.Transcript;
import dev.candor.inference.replay.ReceiptModels;
import dev.candor.inference.replay.Replay;
import dev.candor.inference.replay.ReplaySession;
import dev.candor.inference.replay.ReplayableReceipt;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code candor replay}: computes a receipt's answer again and compares every token. */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        description = "Compute a receipt's answer again, and compare every token.",
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            " 0:the answer is what the model computes",
            " 1:it is not, or the receipt does not hold by itself, or the command failed",
            " 2:wrong usage",
            " 3:it cannot be told on this machine"
        })
final class ReplayCommand implements Callable<Integer> {
    private static final int NOT_COMPARABLE = 3;
    private static final double NANOS = 1e9;

    @Mixin
    private ReceiptOptions options = new ReceiptOptions();

    @Option(names = "--time", description = "Also time a plain prefill of the transcript, and the generation of the answer.")
    private boolean time;

    @Override
    public Integer call() throws Exception {
        ClientSetup setup = new ClientSetup(options.client().folders().home());
        ReceiptBundle bundle = options.find(new ReceiptSource(setup.store(), setup.connect(options.client().node()), false, options::tell));
        ReplayableReceipt saved = ReplayableReceipt.of(bundle, setup.verifier());
        ObjectNode report = JsonNodeFactory.instance.objectNode().put("receipt_id", bundle.id().value());
        if (saved.receipt().isEmpty() || !saved.failures().isEmpty()) {
            return print(report.put("verdict", "invalid").put("detail", "the receipt does not hold by itself: " + saved.failures()), 1);
        }
        Receipt signed = saved.receipt().get();
        report.put("model", signed.model().name())
                .put("model_digest", signed.model().digest().hex())
                .put("determinism_class", signed.runtime().determinismClass());
        if (!Replay.takes(signed.request().path())) {
            return print(report.put("verdict", "not_comparable").put("detail", "answers of this kind cannot be computed again, this is a receipt of "
                    + signed.request().path()), NOT_COMPARABLE);
        }
        Optional<VerifiedModel> model = bundle.exchange().isEmpty() ? Optional.empty() : find(signed);
        if (model.isEmpty()) {
            return print(report.put("verdict", "not_comparable").put("detail", missing(bundle, signed)), NOT_COMPARABLE);
        }
        try (ReplaySession session = open(model.get())) {
            return replay(session, saved, signed, report);
        }
    }

    private static String missing(ReceiptBundle bundle, Receipt signed) {
        return bundle.exchange().isEmpty()
                ? "the bytes of request and answer are not at hand; they are in the file that the client saved (ID.candor.json)"
                : "the model " + signed.model().name() + " with digest " + signed.model().digest() + " is neither here nor in the catalog: bring it in by"
                        + " candor models import";
    }

    private Optional<VerifiedModel> find(Receipt signed) throws IOException {
        Path cache = options.client().folders().cache();
        ModelProvisioner provisioner = new ModelProvisioner(cache, new OrtGraphCheck(cache.resolve("natives")));
        ProgressPrinter progress = new ProgressPrinter(System.err, System.console() != null && !options.json());
        return new ReceiptModels(new ModelStore(cache), ModelCatalog.bundled(), provisioner).find(signed, progress);
    }

    private ReplaySession open(VerifiedModel model) throws Exception {
        return ReplaySession.open(model, options.client().folders().cache().resolve("natives"), Runtime.getRuntime().availableProcessors());
    }

    private int replay(ReplaySession session, ReplayableReceipt saved, Receipt signed, ObjectNode report) throws Exception {
        Replay replay = Replay.of(saved, signed, session.model());
        if (time && !replay.transcripts().isEmpty()) {
            // What runs first in a process is slower.
            session.prefillSeconds(replay.transcripts());
        }
        long begin = System.nanoTime();
        ReplayVerdict verdict = verdict(replay);
        double seconds = (System.nanoTime() - begin) / NANOS;
        report.put("verdict", verdict.word()).put("detail", verdict.detail());
        if (verdict instanceof ReplayVerdict.Mismatch mismatch) {
            report.put("choice", mismatch.choice()).put("token", mismatch.token());
        }
        List<Transcript> transcripts = replay.transcripts();
        if (!transcripts.isEmpty()) {
            report.put("prompt_tokens", transcripts.stream().mapToInt(each -> each.prompt().length).sum())
                    .put("answer_tokens", transcripts.stream().mapToInt(each -> each.answer().length).sum())
                    .put("seconds", seconds);
            if (time) {
                report.put("prefill_seconds", session.prefillSeconds(transcripts)).put("generation_seconds", session.generationSeconds(transcripts));
            }
        }
        return print(report, switch (verdict) {
            case ReplayVerdict.Match match -> 0;
            case ReplayVerdict.Mismatch mismatch -> 1;
            case ReplayVerdict.NotComparable not -> NOT_COMPARABLE;
        });
    }

    private static ReplayVerdict verdict(Replay replay) throws Exception {
        try {
            return replay.start().get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    private int print(ObjectNode report, int status) throws IOException {
        options.print(report, out -> print(report, out));
        return status;
    }

    private static void print(ObjectNode report, PrintWriter out) {
        out.println("Receipt " + report.get("receipt_id").textValue());
        if (report.has("determinism_class")) {
            out.printf("  %-18s %s%n", "model", report.get("model").textValue() + " sha256:" + report.get("model_digest").textValue());
            out.printf("  %-18s %s%n", "determinism class", report.get("determinism_class").textValue());
        }
        if (report.has("seconds")) {
            out.printf("  %-18s %d prompt + %d answer tokens%n", "transcript", report.get("prompt_tokens").intValue(), report.get("answer_tokens").intValue());
            out.printf("  %-18s %s%n", "time", times(report));
        }
        out.println(report.get("verdict").textValue().replace('_', ' ') + ": " + report.get("detail").textValue());
    }

    private static String times(ObjectNode report) {
        double check = report.get("seconds").doubleValue();
        String checked = String.format(Locale.ROOT, "%.2f s for the check", check);
        if (!report.has("prefill_seconds")) {
            return checked;
        }
        double prefill = report.get("prefill_seconds").doubleValue();
        double generation = report.get("generation_seconds").doubleValue();
        return checked + String.format(Locale.ROOT, ", %.2f s for a plain prefill (check / prefill %.2f), %.2f s to generate the answer (check / generation %.2f)",
                prefill, check / prefill, generation, check / generation);
    }
}
