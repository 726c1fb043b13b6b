package dev.candor.bench.peers;

import dev.candor.hub.manifest.VerifiedModel;
import dev.candor.inference.engine.DecodeStep;
import dev.candor.inference.engine.ModelException;
import dev.candor.inference.engine.ModelRunner;
import dev.candor.inference.engine.ort.OrtModelRunner;
import dev.candor.inference.engine.ort.OrtOptions;
import dev.candor.inference.engine.ort.OrtRuntime;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** Logits of one of our forms as its server computes them: token by token, a slot a window. */
final class FormLogits {
    private final Path natives;
    private final int threads;

    FormLogits(Path natives, int threads) {
        this.natives = natives;
        this.threads = threads;
    }

    /** @param windows of one length */
    void write(VerifiedModel model, List<int[]> windows, Path out) throws IOException, PeerException {
        int length = windows.getFirst().length;
        OrtOptions options = new OrtOptions(windows.size(), length + 1, threads, true);
        try (ModelRunner runner = OrtModelRunner.open(OrtRuntime.load(natives), model.folder(), model.config(), options);
                FileChannel file = FileChannel.open(out, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            float[] row = new float[runner.vocabSize()];
            ByteBuffer bytes = ByteBuffer.allocate(row.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            FloatBuffer floats = bytes.asFloatBuffer();
            for (int position = 0; position < length; position++) {
                for (int window = 0; window < windows.size(); window++) {
                    if (position == 0) {
                        runner.prefill(window, windows.get(window), 0, 1);
                    } else if (window == 0) {
                        step(runner, windows, position);
                    }
                    runner.readLogits(position == 0 ? 0 : window, row);
                    floats.clear().put(row);
                    long place = ((long) window * length + position) * bytes.capacity();
                    for (bytes.clear(); bytes.hasRemaining(); ) {
                        file.write(bytes, place + bytes.position());
                    }
                }
            }
        } catch (ModelException e) {
            throw new PeerException(e.getMessage(), e);
        }
    }

    private static void step(ModelRunner runner, List<int[]> windows, int position) throws ModelException {
        int batch = windows.size();
        int[][] tokens = new int[batch][];
        int[] lengths = new int[batch];
        for (int i = 0; i < batch; i++) {
            tokens[i] = new int[] {windows.get(i)[position]};
            lengths[i] = position;
        }
        runner.decode(new DecodeStep(batch, tokens, lengths, runner.exact()));
    }
}
