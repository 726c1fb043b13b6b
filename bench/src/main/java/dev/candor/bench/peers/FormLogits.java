package dev.candor.bench.peers;

import dev.candor.hub.manifest.VerifiedModel;
import dev.candor.inference.engine.ModelException;
import dev.candor.inference.engine.ort.SequenceScorer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** Logits of one of our forms. A prefill computes them; an answer's tokens are computed to the same bits. */
final class FormLogits {
    private final Path natives;

    FormLogits(Path natives) {
        this.natives = natives;
    }

    void write(VerifiedModel model, List<int[]> windows, Path out) throws IOException, PeerException {
        Path graph = model.folder().resolve(model.config().graph());
        try (SequenceScorer scorer = new SequenceScorer(natives, graph, model.config());
                FileChannel file = FileChannel.open(out, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            for (int[] window : windows) {
                float[] logits = scorer.logits(window);
                ByteBuffer bytes = ByteBuffer.allocate(logits.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
                bytes.asFloatBuffer().put(logits);
                while (bytes.hasRemaining()) {
                    file.write(bytes);
                }
            }
        } catch (ModelException e) {
            throw new PeerException(e.getMessage(), e);
        }
    }
}
