package dev.candor.inference.testing;

import dev.candor.attestation.receipt.ModelBinding;
import dev.candor.hub.importer.ImportRequest;
import dev.candor.hub.importer.ModelForm;
import dev.candor.hub.importer.encoder.EncoderFiles;
import dev.candor.hub.importer.encoder.EncoderImporter;
import dev.candor.hub.importer.encoder.EncoderRecipe;
import dev.candor.hub.manifest.EncoderConfig;
import dev.candor.hub.manifest.EncoderTask;
import dev.candor.hub.manifest.ManifestVerifier;
import dev.candor.hub.manifest.ModelName;
import dev.candor.hub.manifest.Pooling;
import dev.candor.hub.manifest.VerifiedModel;
import dev.candor.hub.rewrite.GraphCheck;
import dev.candor.hub.testing.ToyBert;
import dev.candor.inference.engine.encoder.BatchingEncoder;
import dev.candor.inference.engine.encoder.EncoderOptions;
import dev.candor.inference.engine.ort.OrtEncoderRunner;
import dev.candor.inference.engine.ort.OrtGraphCheck;
import dev.candor.inference.engine.ort.OrtRuntime;
import dev.candor.inference.http.EncoderModel;
import dev.candor.inference.text.EncoderTokenizer;
import dev.candor.inference.text.TokenizedText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Toy encoders of every task, imported and run as real ones are. */
public final class ToyEncoders {
    public static final List<String> LABELS = List.of("red", "green", "blue");

    private static final Path NATIVES = Path.of(System.getProperty("java.io.tmpdir"), "candor-test-natives");

    private final Path folder;

    public ToyEncoders(Path folder) {
        this.folder = folder;
    }

    public static OrtRuntime runtime() {
        return OrtRuntime.load(NATIVES);
    }

    public VerifiedModel embedding(ToyBert.Style style, Pooling pooling, boolean normalize, GraphCheck check) throws IOException {
        return convert(style, ToyBert.Head.NONE, EncoderRecipe.embedding(EncoderTask.EMBEDDING, pooling, normalize, ToyBert.POSITIONS), check);
    }

    public VerifiedModel of(EncoderTask task) throws IOException {
        ToyBert.Head head = switch (task) {
            case EMBEDDING -> ToyBert.Head.NONE;
            case CLASSIFICATION -> ToyBert.Head.CLASSES;
            case TOKEN_CLASSIFICATION -> ToyBert.Head.TOKEN_CLASSES;
            case RERANK -> ToyBert.Head.SCORE;
        };
        boolean labelled = task == EncoderTask.CLASSIFICATION || task == EncoderTask.TOKEN_CLASSIFICATION;
        EncoderRecipe recipe = new EncoderRecipe(
                task, task == EncoderTask.EMBEDDING ? Pooling.MEAN : Pooling.NONE, true, ToyBert.POSITIONS, labelled ? LABELS : List.of(), false, 0,
                Optional.empty(), Optional.empty());
        return convert(ToyBert.Style.TRACED, head, recipe, check());
    }

    public static GraphCheck check() {
        return new OrtGraphCheck(NATIVES);
    }

    private VerifiedModel convert(ToyBert.Style style, ToyBert.Head head, EncoderRecipe recipe, GraphCheck check) throws IOException {
        Path source = Files.createTempDirectory(folder, "source");
        ToyBert.model(style, head).write(source.resolve("toy.onnx"));
        Files.writeString(source.resolve("tokenizer.json"), "{}");
        Path target = Files.createTempDirectory(folder, "model");
        ImportRequest request = new ImportRequest(ModelName.parse("toy/" + recipe.task().word() + "@1"), "Apache-2.0", ModelForm.FP32, Optional.empty());
        new EncoderImporter(check).convert(
                new EncoderFiles(source.resolve("toy.onnx"), source.resolve("tokenizer.json"), recipe), request, target, done -> {});
        return new ManifestVerifier().verify(target);
    }

    public static OrtEncoderRunner runner(VerifiedModel model) throws Exception {
        return OrtEncoderRunner.open(runtime(), model.folder(), (EncoderConfig) model.serving(), 2, false);
    }

    /** A model to be served; whoever gets it closes it. */
    public EncoderModel served(EncoderTask task) throws Exception {
        VerifiedModel model = of(task);
        return new EncoderModel(
                new ModelBinding(model.manifest().name(), model.manifest().digest()), Instant.EPOCH, (EncoderConfig) model.serving(), new Letters(),
                BatchingEncoder.start(runner(model), EncoderOptions.defaults()));
    }

    /** One token a letter, {@code [1] letters [2]}, and for pairs {@code [1] letters [2] letters [2]}. */
    private static final class Letters implements EncoderTokenizer {
        @Override
        public TokenizedText encode(String text) {
            return join(text, Optional.empty());
        }

        @Override
        public TokenizedText encode(String first, String second) {
            return join(first, Optional.of(second));
        }

        private static TokenizedText join(String first, Optional<String> second) {
            int length = first.length() + 2 + second.map(text -> text.length() + 1).orElse(0);
            TokenizedText out = new TokenizedText(new int[length], new byte[length], new boolean[length], new int[length], new int[length]);
            int at = special(out, 0, 1, 0);
            at = letters(out, at, first, 0);
            at = special(out, at, 2, 0);
            if (second.isPresent()) {
                at = letters(out, at, second.get(), 1);
                special(out, at, 2, 1);
            }
            return out;
        }

        private static int special(TokenizedText out, int at, int token, int segment) {
            out.tokens()[at] = token;
            out.types()[at] = (byte) segment;
            out.special()[at] = true;
            out.starts()[at] = -1;
            out.ends()[at] = -1;
            return at + 1;
        }

        private static int letters(TokenizedText out, int from, String text, int segment) {
            for (int i = 0; i < text.length(); i++) {
                out.tokens()[from + i] = 3 + text.charAt(i) % (ToyBert.VOCABULARY - 3);
                out.types()[from + i] = (byte) segment;
                out.starts()[from + i] = i;
                out.ends()[from + i] = i + 1;
            }
            return from + text.length();
        }

        @Override
        public String token(int id) {
            return "<" + id + ">";
        }

        @Override
        public void close() {}
    }
}
