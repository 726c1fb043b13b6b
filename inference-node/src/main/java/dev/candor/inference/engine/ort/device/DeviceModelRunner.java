package dev.candor.inference.engine.ort.device;

import dev.candor.hub.manifest.ModelConfig;
import dev.candor.inference.engine.DecodeStep;
import dev.candor.inference.engine.EngineInfo;
import dev.candor.inference.engine.ModelException;
import dev.candor.inference.engine.ModelRunner;
import dev.candor.inference.engine.ort.OrtRuntime;
import dev.candor.inference.engine.ort.ffm.OrtCallException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Map;

/**
 * A decoder graph with GroupQueryAttention whose keys and values stay in the memory of the device that runs it: only token ids go there,
 * and only logits come back. The device may be the host.
 */
public final class DeviceModelRunner implements ModelRunner {
    /** Longest run of a prefill; longer ones gain nothing and hold more memory. */
    static final int MAX_CHUNK = 2048;

    private final DeviceSession session;
    private final EngineInfo info;
    private final int stagingSlots;
    private final int vocabulary;

    DeviceModelRunner(DeviceSession session, EngineInfo info, int stagingSlots, int vocabulary) {
        this.session = session;
        this.info = info;
        this.stagingSlots = stagingSlots;
        this.vocabulary = vocabulary;
    }

    /**
     * Loads a model and runs it once, so that a broken one is found now and the first request is as fast as the next.
     *
     * @param device is closed with the runner, and also where opening fails
     * @param folder holds the graph that {@code model} names, with its weights beside it
     * @throws ModelException if the graph cannot be loaded, does not fit {@code model} or the device's memory, or gives logits that are
     *     not numbers
     */
    public static DeviceModelRunner open(OrtRuntime runtime, Device device, Path folder, ModelConfig model, DeviceOptions options)
            throws ModelException {
        return new DeviceModelLoader(runtime, model, options).load(device, folder);
    }

    @Override
    public EngineInfo info() {
        return info;
    }

    /** Bytes that keys and values of all slots take in the device's memory. */
    public long cacheBytes() {
        return session.cache().bytes();
    }

    /** @see DeviceSession#startRecording */
    void startRecording() {
        session.startRecording();
    }

    /** How many nodes of the optimised graph run where: on {@code cpu}, {@code cuda}, or what ONNX Runtime calls another provider. */
    public Map<String, Integer> nodesByProvider() {
        return session.nodesByProvider();
    }

    @Override
    public int vocabSize() {
        return vocabulary;
    }

    @Override
    public int stagingSlots() {
        return stagingSlots;
    }

    @Override
    public int stepTokens() {
        return 1;
    }

    @Override
    public boolean exact() {
        return session.exact();
    }

    @Override
    public void prefill(int slot, int[] tokens, int from, int to) throws ModelException {
        if (slot < 0 || slot >= info.slots() + stagingSlots || from < 0 || from >= to || to - from > MAX_CHUNK || to > info.contextLength()) {
            throw new IllegalArgumentException("no room for tokens " + from + " to " + to + " in slot " + slot);
        }
        try {
            session.prefill(slot, tokens, from, to);
        } catch (OrtCallException | DeviceException e) {
            throw new ModelException("the model failed in a prefill of " + (to - from) + " tokens: " + e.getMessage(), e);
        }
    }

    @Override
    public void decode(DecodeStep step) throws ModelException {
        checkDecode(step);
        try {
            session.decode(step);
        } catch (OrtCallException | DeviceException e) {
            throw new ModelException("the model failed in a decode of " + step.batch() + " sequences: " + e.getMessage(), e);
        }
    }

    private void checkDecode(DecodeStep step) {
        if (step.batch() < 1 || step.batch() > info.slots()) {
            throw new IllegalArgumentException("a decode takes 1 to " + info.slots() + " sequences, not " + step.batch());
        }
        if (step.exact() && !exact()) {
            throw new IllegalArgumentException("this model has no exact decode");
        }
        for (int i = 0; i < step.batch(); i++) {
            int length = step.lengths()[i];
            if (step.tokens()[i].length != 1 || length < 1 || length >= info.contextLength()) {
                throw new IllegalArgumentException("no room for " + step.tokens()[i].length + " tokens after " + length + " in slot " + i);
            }
        }
    }

    @Override
    public void readLogits(int row, float[] into) {
        session.steps().readLogits(row, into);
    }

    @Override
    public void copySlot(int from, int to, int length) {
        session.cache().copy(from, to, length);
    }

    @Override
    public long kvBytesPerToken() {
        return session.cache().tokenBytes();
    }

    @Override
    public void saveKv(int slot, int from, int to, MemorySegment into) {
        session.cache().save(slot, from, to, into);
    }

    @Override
    public void restoreKv(int slot, int from, int to, MemorySegment source) {
        session.cache().restore(slot, from, to, source);
    }

    /** Makes it zeros: the device's memory is taken as a whole, and none of it is given back before {@link #close()}. */
    @Override
    public void trim(int slot, int length) {
        session.cache().clear(slot, length);
    }

    @Override
    public void close() {
        session.close();
    }
}
