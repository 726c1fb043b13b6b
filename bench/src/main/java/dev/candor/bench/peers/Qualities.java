package dev.candor.bench.peers;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.candor.hub.quality.QualityReport;
import dev.candor.inference.text.Tokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How near each peer's logits are to those of the weights in 32-bit floats, over one text. */
final class Qualities {
    private static final String TEXT = "/dev/candor/inference/importer/english.txt";

    private final Path folder;
    private final List<int[]> windows;
    private final Path ids;
    private final Path reference;
    private final int vocabulary;
    private final Map<String, QualityReport> reports = new LinkedHashMap<>();

    private Qualities(Path folder, List<int[]> windows, int vocabulary) throws IOException {
        this.folder = folder;
        this.windows = windows;
        this.vocabulary = vocabulary;
        this.reference = folder.resolve("reference.f32");
        this.ids = folder.resolve("windows.json");
        Files.writeString(ids, new ObjectMapper().writeValueAsString(windows));
    }

    /**
     * Computes the reference.
     *
     * @param folder takes files of up to some hundred MB
     * @param count  windows of {@link Plan#WINDOW} tokens
     */
    static Qualities begin(Path folder, Tokenizer tokenizer, int count, int vocabulary, Peer fp32) throws IOException, PeerException {
        int[] tokens = tokenizer.encode(text());
        List<int[]> windows = new ArrayList<>();
        for (int i = 0; i < count && (i + 1) * Plan.WINDOW <= tokens.length; i++) {
            windows.add(Arrays.copyOfRange(tokens, i * Plan.WINDOW, (i + 1) * Plan.WINDOW));
        }
        Qualities qualities = new Qualities(folder, windows, vocabulary);
        fp32.install();
        fp32.logits(qualities.ids, qualities.reference);
        return qualities;
    }

    private static String text() throws IOException {
        try (InputStream in = Qualities.class.getResourceAsStream(TEXT)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    int tokens() {
        return windows.size() * Plan.WINDOW;
    }

    /** Does nothing for a peer that does not tell its logits. */
    void measure(Peer peer) throws IOException, PeerException {
        Path out = folder.resolve(peer.name() + ".f32");
        if (!peer.logits(ids, out)) {
            return;
        }
        try (StoredLogits right = new StoredLogits(reference, tokens(), vocabulary);
                StoredLogits theirs = new StoredLogits(out, tokens(), vocabulary)) {
            QualityReport report = QualityReport.compare(right, theirs, windows);
            reports.put(peer.name(), report);
            System.out.printf("%-16s KL %.4f, top-1 %.3f%n", peer.name(), report.divergence(), report.topOne());
        } finally {
            Files.deleteIfExists(out);
        }
    }

    Map<String, QualityReport> reports() {
        return reports;
    }
}
