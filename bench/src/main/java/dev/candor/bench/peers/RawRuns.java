package dev.candor.bench.peers;

import dev.candor.bench.Results;
import dev.candor.hub.manifest.VerifiedModel;
import dev.candor.inference.engine.DecodeStep;
import dev.candor.inference.engine.ModelException;
import dev.candor.inference.engine.ModelRunner;
import dev.candor.inference.engine.ort.OrtModelRunner;
import dev.candor.inference.engine.ort.OrtOptions;
import dev.candor.inference.engine.ort.OrtRuntime;
import java.nio.file.Path;
import java.util.Arrays;

/** A form of ours without any server: bare runs of the model, to know what the server adds. */
final class RawRuns implements AutoCloseable {
    private static final int CONTEXT = 512;

    private final ModelRunner runner;

    RawRuns(Path natives, VerifiedModel model, int threads) throws PeerException {
        try {
            runner = OrtModelRunner.open(OrtRuntime.load(natives), model.folder(), model.config(), new OrtOptions(1, CONTEXT, threads, true));
        } catch (ModelException e) {
            throw new PeerException(e.getMessage(), e);
        }
    }

    /** Median milliseconds of a decode of one sequence, {@code steps} of them after {@code prompt} tokens. */
    double decodeMillis(int prompt, int steps) throws PeerException {
        int[] tokens = new int[prompt];
        Arrays.setAll(tokens, i -> 1000 + 7 * i);
        double[] millis = new double[steps];
        try {
            runner.prefill(0, tokens, 0, prompt);
            for (int i = 0; i < steps; i++) {
                long begin = System.nanoTime();
                runner.decode(new DecodeStep(1, new int[][] {{1000 + i}}, new int[] {prompt + i}, runner.exact()));
                millis[i] = (System.nanoTime() - begin) / 1e6;
            }
        } catch (ModelException e) {
            throw new PeerException(e.getMessage(), e);
        }
        return Results.percentile(millis, 0.5);
    }

    @Override
    public void close() {
        runner.close();
    }
}
