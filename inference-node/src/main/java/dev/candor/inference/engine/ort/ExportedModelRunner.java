package dev.candor.inference.engine.ort;

import ai.onnxruntime.OrtException;
import dev.candor.hub.manifest.ModelConfig;
import dev.candor.hub.onnx.OnnxModel;
import dev.candor.inference.engine.DecodeStep;
import dev.candor.inference.engine.EngineInfo;
import dev.candor.inference.engine.ModelException;
import dev.candor.inference.engine.ModelRunner;
import dev.candor.inference.engine.memory.NativeMemory;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A decoder graph as exporters write it, with {@code attention_mask} and keys and values that grow by concatenation. Sequences of unequal length are filled
 * up on the side that the graph wants. Bits depend on a sequence's company, since padding moves sums: there is no exact decode.
 */
public final class ExportedModelRunner implements ModelRunner {
    /** How many times the memory of {@link #kvBytesPerToken} a token can take: in its slot, and in a step's past and present. */
    public static final int KV_COPIES = 3;

    /** What the graph was found to compute rightly when it was opened. */
    record Abilities(boolean chunks, boolean batches) {}

    private final ExportedGraph graph;
    private final ExportedKv kv;
    private final NativeMemory memory;
    private final EngineInfo info;
    private final int staging;
    private final int vocabulary;
    private final int maxRun;
    private final ExportedBatch resident;
    private Abilities abilities = new Abilities(true, true);
    private float[][] rows = {};
    private int firstRow;
    private boolean closed;

    ExportedModelRunner(ExportedGraph graph, ExportedKv kv, NativeMemory memory, EngineInfo info, int staging, int vocabulary, int maxRun) {
        this.graph = graph;
        this.kv = kv;
        this.memory = memory;
        this.info = info;
        this.staging = staging;
        this.vocabulary = vocabulary;
        this.maxRun = maxRun;
        this.resident = new ExportedBatch(kv);
    }

    /** Whether the graph in {@code file} is for this runner: it takes a mask of attention, and keys and values of the past. */
    public static boolean fits(Path file) throws ModelException {
        try {
            return ExportedLayout.looksLike(OnnxModel.read(file).graph());
        } catch (IOException e) {
            throw new ModelException("cannot read the model " + file.getFileName() + ": " + e.getMessage(), e);
        }
    }

    /**
     * Loads a model and tries out what its graph can do: prompts in several parts, sequences of unequal length together.
     *
     * @param folder holds the graph that {@code model} names, with its weights beside it
     * @throws ModelException           naming the input or operator for which it cannot be served, or what it computes wrongly
     * @throws IllegalArgumentException if the KV cache would be too large
     */
    public static ExportedModelRunner open(OrtRuntime runtime, Path folder, ModelConfig model, OrtOptions options) throws ModelException {
        return new ExportedLoader(runtime, model, options).load(folder);
    }

    void able(Abilities found) {
        abilities = found;
    }

    Abilities abilities() {
        return abilities;
    }

    @Override
    public EngineInfo info() {
        return info;
    }

    @Override
    public int vocabSize() {
        return vocabulary;
    }

    @Override
    public int stagingSlots() {
        return staging;
    }

    @Override
    public int stepTokens() {
        return 1;
    }

    @Override
    public boolean exact() {
        return false;
    }

    @Override
    public void prefill(int slot, int[] tokens, int from, int to) throws ModelException {
        if (slot < 0 || slot >= info.slots() + staging || from < 0 || from >= to || to > info.contextLength()) {
            throw new IllegalArgumentException("no room for tokens " + from + " to " + to + " in slot " + slot);
        }
        resident.release();
        int at = abilities.chunks() ? from : 0;
        if (!abilities.chunks() && to > maxRun) {
            throw new ModelException("this graph takes prompts only whole, at most " + maxRun + " tokens at a time");
        }
        while (at < to) {
            int end = Math.min(to, at + maxRun);
            run(slot, Arrays.copyOfRange(tokens, at, end), at);
            firstRow = end - at - 1;
            at = end;
        }
        rows = new float[][] {};
    }

    /** One sequence's next tokens, whose keys and values go into the store. */
    private void run(int slot, int[] next, int before) throws ModelException {
        kv.gather(slot, before, 0, 0, before);
        try {
            graph.run(new int[][] {next}, new int[] {before}, before, 0);
        } catch (OrtException e) {
            throw new ModelException("the model failed in a run of " + next.length + " tokens: " + e.getMessage(), e);
        }
        kv.scatter(1, 0, before + next.length, 0, slot, before, before + next.length);
    }

    @Override
    public void decode(DecodeStep step) throws ModelException {
        check(step);
        if (!abilities.batches()) {
            decodeEach(step);
            return;
        }
        if (!resident.holds(step)) {
            resident.gather(step);
        }
        try {
            graph.run(Arrays.copyOf(step.tokens(), step.batch()), Arrays.copyOf(step.lengths(), step.batch()), resident.positions(), resident.side());
        } catch (OrtException e) {
            resident.drop();
            throw new ModelException("the model failed in a decode of " + step.batch() + " sequences: " + e.getMessage(), e);
        }
        resident.advance();
        rows = new float[][] {};
        firstRow = 0;
    }

    private void check(DecodeStep step) {
        if (step.batch() < 1 || step.batch() > info.slots() || step.exact()) {
            throw new IllegalArgumentException("a decode takes 1 to " + info.slots() + " sequences and is not exact");
        }
        for (int i = 0; i < step.batch(); i++) {
            if (step.tokens()[i].length != 1 || step.lengths()[i] < 1 || step.lengths()[i] >= info.contextLength()) {
                throw new IllegalArgumentException("no room for " + step.tokens()[i].length + " tokens after " + step.lengths()[i] + " in slot " + i);
            }
        }
    }

    private void decodeEach(DecodeStep step) throws ModelException {
        float[][] each = new float[step.batch()][vocabulary];
        for (int i = 0; i < step.batch(); i++) {
            run(i, step.tokens()[i], step.lengths()[i]);
            graph.readLogits(0, each[i]);
        }
        rows = each;
    }

    @Override
    public void readLogits(int row, float[] into) {
        if (rows.length > 0) {
            System.arraycopy(rows[row], 0, into, 0, vocabulary);
        } else {
            graph.readLogits(firstRow + row, into);
        }
    }

    @Override
    public void copySlot(int from, int to, int length) {
        resident.release();
        kv.copy(from, to, length);
    }

    @Override
    public long kvBytesPerToken() {
        return kv.tokenBytes();
    }

    @Override
    public void saveKv(int slot, int from, int to, MemorySegment into) {
        resident.release();
        kv.save(slot, from, to, into);
    }

    @Override
    public void restoreKv(int slot, int from, int to, MemorySegment source) {
        resident.release();
        kv.restore(slot, from, to, source);
    }

    @Override
    public void trim(int slot, int length) {
        resident.release();
        kv.trim(slot, length);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            graph.close();
            memory.close();
        }
    }
}
