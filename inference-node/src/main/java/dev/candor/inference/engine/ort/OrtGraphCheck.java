package dev.candor.inference.engine.ort;

import dev.candor.hub.manifest.EncoderConfig;
import dev.candor.hub.manifest.EncoderTask;
import dev.candor.hub.manifest.Pooling;
import dev.candor.hub.rewrite.GraphCheck;
import dev.candor.inference.engine.ModelException;
import dev.candor.inference.engine.encoder.EncoderInput;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Runs both graphs in ONNX Runtime on the same probes. */
public final class OrtGraphCheck implements GraphCheck {
    private static final int THREADS = 1;
    private static final long SEED = 20_061_121;
    private static final int LONGEST_PROBE = 128;

    private final Path natives;

    /** @param natives where the library's native parts are kept unpacked */
    public OrtGraphCheck(Path natives) {
        this.natives = natives;
    }

    @Override
    public Optional<String> difference(Path original, Path rewritten, EncoderConfig config) throws IOException {
        OrtRuntime runtime = OrtRuntime.load(natives);
        try (OrtEncoderRunner before = OrtEncoderRunner.open(runtime, original.toAbsolutePath().getParent(), bare(config, original), THREADS, false)) {
            List<List<EncoderInput>> probes = probes(config);
            List<List<float[]>> expected = new ArrayList<>();
            for (List<EncoderInput> probe : probes) {
                expected.add(before.run(probe));
            }
            return compare(runtime, rewritten, config, probes, expected);
        } catch (ModelException e) {
            throw new IOException("the publisher's graph cannot be run: " + e.getMessage(), e);
        }
    }

    private static Optional<String> compare(
            OrtRuntime runtime, Path rewritten, EncoderConfig config, List<List<EncoderInput>> probes, List<List<float[]>> expected) {
        try (OrtEncoderRunner after = OrtEncoderRunner.open(runtime, rewritten.toAbsolutePath().getParent(), bare(config, rewritten), THREADS, false)) {
            for (int i = 0; i < probes.size(); i++) {
                if (differ(expected.get(i), after.run(probes.get(i)))) {
                    return Optional.of("an output differs by more than " + TOLERANCE + " from the original's");
                }
            }
            return Optional.empty();
        } catch (ModelException e) {
            return Optional.of("the runtime cannot run it");
        }
    }

    /** The outputs as the graph gives them: pooling could hide a difference. */
    private static EncoderConfig bare(EncoderConfig config, Path graph) {
        boolean perToken = config.task() == EncoderTask.TOKEN_CLASSIFICATION || config.task() == EncoderTask.EMBEDDING && config.pooling() != Pooling.NONE;
        EncoderTask task = perToken ? EncoderTask.TOKEN_CLASSIFICATION : EncoderTask.RERANK;
        List<String> labels = perToken ? Collections.nCopies(config.width(), "") : List.of();
        return new EncoderConfig(
                graph.getFileName().toString(), config.tokenizer(), config.form(), task, config.output(), Pooling.NONE, false, config.width(),
                config.maxTokens(), config.vocabSize(), config.padToken(), labels, false, Optional.empty());
    }

    private static List<List<EncoderInput>> probes(EncoderConfig config) {
        Random random = new Random(SEED);
        int most = Math.min(LONGEST_PROBE, config.maxTokens());
        List<List<EncoderInput>> probes = new ArrayList<>();
        for (int[] lengths : new int[][] {{1}, {2}, {16}, {most}, {1, 3, 16}, {61, 60, 8}, {most, 5}, {9, 9, 9, 9}}) {
            List<EncoderInput> batch = new ArrayList<>();
            for (int length : lengths) {
                batch.add(probe(Math.min(length, most), config.vocabSize(), random));
            }
            probes.add(batch);
        }
        return probes;
    }

    /** Any tokens; the second segment begins anywhere. */
    private static EncoderInput probe(int length, int vocabulary, Random random) {
        int[] tokens = random.ints(length, 0, vocabulary).toArray();
        byte[] types = new byte[length];
        for (int i = random.nextInt(length + 1); i < length; i++) {
            types[i] = 1;
        }
        return new EncoderInput(tokens, types);
    }

    private static boolean differ(List<float[]> expected, List<float[]> actual) {
        for (int row = 0; row < expected.size(); row++) {
            for (int i = 0; i < expected.get(row).length; i++) {
                // Written so that a NaN differs too.
                if (!(Math.abs(expected.get(row)[i] - actual.get(row)[i]) <= TOLERANCE)) {
                    return true;
                }
            }
        }
        return false;
    }
}
