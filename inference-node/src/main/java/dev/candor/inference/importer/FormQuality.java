package dev.candor.inference.importer;

import dev.candor.hub.importer.DecoderSource;
import dev.candor.hub.importer.ImportRequest;
import dev.candor.hub.importer.ModelForm;
import dev.candor.hub.manifest.ManifestVerifier;
import dev.candor.hub.manifest.VerifiedModel;
import dev.candor.hub.quality.QualityReport;
import dev.candor.hub.store.ProgressListener;
import dev.candor.hub.store.StoreWriting;
import dev.candor.inference.engine.ModelException;
import dev.candor.inference.engine.ort.SequenceScorer;
import dev.candor.inference.text.HfTokenizer;
import dev.candor.inference.text.Tokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/** Compares an imported form with the same model in 32-bit floats, over the first tokens of an English text; only where the floats are small enough. */
final class FormQuality {
    private static final long MAX_REFERENCE = 1_500_000_000;
    private static final int MAX_TOKENS = 512;
    private static final int MAX_WINDOW = 128;
    private static final int MAX_LOGITS = 16 << 20;

    private final Path natives;

    /** @param natives folder of unpacked native libraries */
    FormQuality(Path natives) {
        this.natives = natives;
    }

    /**
     * Measures {@code model}, which was made from {@code source}.
     *
     * @throws IOException if the floats cannot be written; a form that cannot be run here is skipped
     */
    ImportReport.Quality measure(
            DecoderSource source, ImportRequest request, VerifiedModel model, StoreWriting writing, ProgressListener progress) throws IOException {
        if (request.form() == ModelForm.FP32) {
            return new ImportReport.Quality.Skipped("fp32 is what others are compared with");
        }
        long bytes = source.convertedBytes(ModelForm.FP32);
        if (bytes > MAX_REFERENCE) {
            return new ImportReport.Quality.Skipped("its fp32 form would have " + bytes / 1_000_000 + " MB, more than " + MAX_REFERENCE / 1_000_000);
        }
        Path folder = writing.scratch(bytes, "measuring " + request.name());
        ImportRequest floats =
                new ImportRequest(request.name(), request.licence(), ModelForm.FP32, request.chatTemplate(), OptionalInt.of(source.spec().context()));
        source.convert(floats, folder, done -> progress.progress(ProgressListener.Step.CONVERT, "to fp32, to compare with", done, source.bytes()));
        VerifiedModel reference = new ManifestVerifier().verify(folder);
        try (SequenceScorer floating = scorer(reference); SequenceScorer formed = scorer(model)) {
            return new ImportReport.Quality.Measured(QualityReport.compare(rows(floating), rows(formed), windows(model)));
        } catch (ModelException e) {
            return new ImportReport.Quality.Skipped(e.getMessage());
        }
    }

    private SequenceScorer scorer(VerifiedModel model) throws ModelException {
        return new SequenceScorer(natives, model.graph(), model.config());
    }

    private static QualityReport.Logits rows(SequenceScorer scorer) {
        return tokens -> {
            try {
                return scorer.logits(tokens);
            } catch (ModelException e) {
                throw new IOException(e.getMessage(), e);
            }
        };
    }

    private List<int[]> windows(VerifiedModel model) throws IOException {
        int[] tokens;
        try (Tokenizer tokenizer = HfTokenizer.open(model.tokenizer(), natives)) {
            tokens = tokenizer.encode(text());
        }
        int window = Math.clamp(MAX_LOGITS / model.config().vocabSize(), 2, Math.min(MAX_WINDOW, model.config().contextLength()));
        List<int[]> windows = new ArrayList<>();
        for (int from = 0; from + 1 < Math.min(MAX_TOKENS, tokens.length); from += window) {
            windows.add(Arrays.copyOfRange(tokens, from, Math.min(tokens.length, from + window)));
        }
        return windows;
    }

    private static String text() throws IOException {
        try (InputStream in = FormQuality.class.getResourceAsStream("english.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
