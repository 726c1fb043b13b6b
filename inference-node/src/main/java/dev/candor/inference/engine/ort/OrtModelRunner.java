package dev.candor.inference.engine.ort;

import ai.onnxruntime.OrtException;
import dev.candor.hub.manifest.ModelConfig;
import dev.candor.inference.engine.DecodeStep;
import dev.candor.inference.engine.EngineInfo;
import dev.candor.inference.engine.ModelException;
import dev.candor.inference.engine.ModelRunner;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Set;

/**
 * A decoder graph in one ONNX Runtime session on the CPU. Where the graph has exact steps, all decodes are such, and so is a prefill of a single
 * token; where it has not, a decode takes one token of each sequence.
 */
public final class OrtModelRunner implements ModelRunner {
    /** Longest run of a prefill; longer ones gain nothing and hold more memory. */
    public static final int MAX_CHUNK = 2048;

    private static final System.Logger LOG = System.getLogger(OrtModelRunner.class.getName());

    /** A prefill of as many tokens takes work space that is worth giving back. */
    private static final int LARGE_RUN = 64;

    /** Most tokens of a sequence in an exact step. */
    static final int STEP_TOKENS = 8;

    private final DecoderSession session;
    private final KvCache cache;
    private final StepBuffers buffers;
    private final EngineInfo info;
    private final Limits limits;
    private final int[] logitsAt;
    private boolean exact;
    private boolean spread;
    private boolean closed;

    /**
     * Sizes of a runner.
     *
     * @param staging    slots for prefills alone
     * @param spare      slots behind those, which only the runner's own checks use
     * @param logitsRows most rows of logits of one call
     */
    record Limits(int vocabulary, int staging, int spare, int logitsRows) {}

    OrtModelRunner(DecoderSession session, KvCache cache, StepBuffers buffers, EngineInfo info, Limits limits) {
        this.session = session;
        this.cache = cache;
        this.buffers = buffers;
        this.info = info;
        this.limits = limits;
        this.logitsAt = new int[limits.logitsRows()];
        this.exact = session.exactSteps();
    }

    /**
     * Loads a model, runs it once, so that a broken one is found now and the first request is as fast as the next, and checks whether its steps give
     * the bits of a prefill.
     *
     * @param folder holds the graph that {@code model} names, with its weights beside it
     * @throws ModelException           if the graph cannot be loaded, does not fit {@code model}, or gives logits that are not numbers
     * @throws IllegalArgumentException if the KV cache would be too large
     */
    public static OrtModelRunner open(OrtRuntime runtime, Path folder, ModelConfig model, OrtOptions options) throws ModelException {
        return new ModelLoader(runtime, model, options).load(folder);
    }

    /** Its steps are not those of a prefill after all. */
    void notExact() {
        exact = false;
    }

    @Override
    public EngineInfo info() {
        return info;
    }

    @Override
    public int vocabSize() {
        return limits.vocabulary();
    }

    @Override
    public int stagingSlots() {
        return limits.staging();
    }

    @Override
    public int stepTokens() {
        return exact ? STEP_TOKENS : 1;
    }

    @Override
    public boolean exact() {
        return exact;
    }

    @Override
    public int scoringRows() {
        return limits.logitsRows();
    }

    @Override
    public int scoringSlot() {
        return info.slots() + limits.staging();
    }

    @Override
    public void prefill(int slot, int[] tokens, int from, int to) throws ModelException {
        prefill(slot, tokens, from, to, to - 1);
    }

    @Override
    public void prefill(int slot, int[] tokens, int from, int to, int firstRow) throws ModelException {
        boolean room = slot >= 0 && slot < info.slots() + limits.staging() + limits.spare() && from >= 0 && from < to && to <= info.contextLength();
        if (!room || to - from > MAX_CHUNK || firstRow < from || firstRow >= to || to - firstRow > limits.logitsRows()) {
            throw new IllegalArgumentException("no room for tokens " + from + " to " + to + " in slot " + slot);
        }
        if (from == 0) {
            cache.release(slot);
        }
        cache.ensure(slot, to, tokens.length);
        int count = to - from;
        spread |= count >= LARGE_RUN;
        buffers.writeSequence(0, tokens, from, count, from, count);
        buffers.writeTotal(to);
        for (int row = 0; row < to - firstRow; row++) {
            buffers.writeRow(row, firstRow - from + row);
            logitsAt[row] = row;
        }
        StepBuffers.Shape shape = new StepBuffers.Shape(1, count, to - firstRow, 0);
        try {
            session.run(buffers.step(shape), cache.pool(slot).bind(cache.row(slot), 1), count == 1);
        } catch (OrtException e) {
            cache.taint(slot);
            throw new ModelException("the model failed in a prefill of " + count + " tokens: " + e.getMessage(), e);
        }
        if (!buffers.finite(to - firstRow - 1)) {
            cache.taint(slot);
        }
    }

    @Override
    public void decode(DecodeStep step) throws ModelException {
        int width = checkDecode(step);
        int[] needs = new int[step.batch()];
        int[] firstRows = new int[step.batch()];
        int rows = 0;
        for (int slot = 0; slot < step.batch(); slot++) {
            needs[slot] = Math.min(step.lengths()[slot] + width, KvShape.lengthFor(info.contextLength()));
            firstRows[slot] = rows;
            rows += step.tokens()[slot].length;
        }
        Set<KvPool> pools = cache.arrange(needs);
        int first = 0;
        for (KvPool pool : pools) {
            first += decode(step, pool, firstRows, first);
        }
    }

    /** @return most tokens of a sequence */
    private int checkDecode(DecodeStep step) {
        if (step.batch() < 1 || step.batch() > info.slots()) {
            throw new IllegalArgumentException("a decode takes 1 to " + info.slots() + " sequences, not " + step.batch());
        }
        if (step.exact() && !exact) {
            throw new IllegalArgumentException("this model has no exact decode");
        }
        int width = 1;
        for (int slot = 0; slot < step.batch(); slot++) {
            int length = step.lengths()[slot];
            int count = step.tokens()[slot].length;
            if (count < 1 || count > stepTokens() || length < 1 || length + count > info.contextLength()) {
                throw new IllegalArgumentException("no room for " + count + " tokens after " + length + " in slot " + slot);
            }
            if (!cache.live(slot)) {
                throw new IllegalArgumentException("slot " + slot + " holds no sequence");
            }
            width = Math.max(width, count);
        }
        return width;
    }

    /** @return rows of logits */
    private int decode(DecodeStep step, KvPool pool, int[] firstRows, int first) throws ModelException {
        int width = 1;
        int longest = 0;
        for (int row = 0; row < pool.rows(); row++) {
            width = Math.max(width, step.tokens()[pool.slotAt(row)].length);
            longest = Math.max(longest, step.lengths()[pool.slotAt(row)]);
        }
        if (longest + width <= info.contextLength()) {
            return decode(step, new Rows(pool, 0, pool.rows(), width, longest), firstRows, first);
        }
        int rows = 0;
        for (int row = 0; row < pool.rows(); row++) {
            int slot = pool.slotAt(row);
            rows += decode(step, new Rows(pool, row, 1, step.tokens()[slot].length, step.lengths()[slot]), firstRows, first + rows);
        }
        return rows;
    }

    /** A run over neighbouring rows of a pool. */
    private record Rows(KvPool pool, int from, int count, int width, int longest) {}

    private int decode(DecodeStep step, Rows run, int[] firstRows, int first) throws ModelException {
        int rows = 0;
        for (int i = 0; i < run.count(); i++) {
            int slot = run.pool().slotAt(run.from() + i);
            int[] tokens = step.tokens()[slot];
            buffers.writeSequence(i, tokens, 0, tokens.length, step.lengths()[slot], run.width());
            for (int token = 0; token < tokens.length; token++) {
                buffers.writeRow(rows, (long) i * run.width() + token);
                logitsAt[firstRows[slot] + token] = first + rows++;
            }
        }
        buffers.writeTotal(run.longest() + run.width());
        try {
            StepBuffers.Shape shape = new StepBuffers.Shape(run.count(), run.width(), rows, first);
            session.run(buffers.step(shape), run.pool().bind(run.from(), run.count()), true);
        } catch (OrtException e) {
            taint(step, run, firstRows, true);
            throw new ModelException("the model failed in a decode of " + run.count() + " sequences: " + e.getMessage(), e);
        }
        taint(step, run, firstRows, false);
        return rows;
    }

    private void taint(DecodeStep step, Rows run, int[] firstRows, boolean all) {
        for (int i = 0; i < run.count(); i++) {
            int slot = run.pool().slotAt(run.from() + i);
            int last = firstRows[slot] + step.tokens()[slot].length - 1;
            if (all || !buffers.finite(logitsAt[last])) {
                cache.taint(slot);
            }
        }
    }

    @Override
    public void readLogits(int row, float[] into) {
        buffers.readLogits(logitsAt[row], into);
    }

    @Override
    public void copySlot(int from, int to, int length) {
        cache.copy(from, to, length);
    }

    @Override
    public void moveSlot(int from, int to, int length) {
        cache.move(from, to);
    }

    @Override
    public boolean movesInPlace() {
        return true;
    }

    @Override
    public long kvBytesPerToken() {
        return cache.shape().tokenBytes();
    }

    @Override
    public void saveKv(int slot, int from, int to, MemorySegment into) {
        cache.save(slot, from, to, into);
    }

    @Override
    public void restoreKv(int slot, int from, int to, MemorySegment source) {
        cache.restore(slot, from, to, source);
    }

    @Override
    public void trim(int slot, int length) {
        cache.trim(slot, length);
        if (slot == scoringSlot()) {
            // Hundreds of rows of logits that nothing but the check of a transcript needs; those of a decode may still have to be read.
            buffers.giveBackLogits(info.slots() * STEP_TOKENS);
        }
    }

    /** ONNX Runtime gives what its arena does not use back at the end of a run only: here, of the smallest prefill. */
    @Override
    public void rest() {
        int slot = scoringSlot();
        if (!spread || limits.spare() == 0 || cache.live(slot)) {
            return;
        }
        spread = false;
        cache.ensure(slot, 2, 2);
        buffers.writeSequence(0, new int[2], 0, 2, 0, 2);
        buffers.writeTotal(2);
        buffers.writeRow(0, 1);
        try {
            session.runAndShrink(buffers.step(new StepBuffers.Shape(1, 2, 1, 0)), cache.pool(slot).bind(cache.row(slot), 1));
        } catch (OrtException e) {
            cache.taint(slot);
            LOG.log(System.Logger.Level.DEBUG, "work space was not given back", e);
        } finally {
            trim(slot, 0);
            buffers.giveBackLogits(0);
        }
    }

    /** Frees the session first: the memory it runs on must outlive it. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            session.close();
            buffers.close();
            cache.close();
        }
    }
}
