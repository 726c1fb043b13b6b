package dev.candor.inference.engine.ort.device;

import dev.candor.hub.manifest.ModelConfig;
import dev.candor.inference.engine.DecodeStep;
import dev.candor.inference.engine.ModelException;
import dev.candor.inference.engine.ort.ffm.DeviceAllocator;
import dev.candor.inference.engine.ort.ffm.IoBinding;
import dev.candor.inference.engine.ort.ffm.NativeSession;
import dev.candor.inference.engine.ort.ffm.OrtCallException;
import dev.candor.inference.engine.ort.ffm.OrtLibrary;
import dev.candor.inference.engine.ort.ffm.RunSettings;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** A session on a device with all that is bound to it; bindings are made once for each batch size and each slot. */
final class DeviceSession implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(DeviceSession.class.getName());

    private static final Map<String, String> PROVIDERS = Map.of("CPUExecutionProvider", "cpu", "CUDAExecutionProvider", "cuda");

    /** Names the recording that a run makes or repeats; -1 for none. */
    private static final String RECORDING = "gpu_graph_id";

    /** A binding with the settings its runs take. */
    private record Run(IoBinding binding, RunSettings settings) {}

    private final OrtLibrary library;
    private final Device device;
    private final NativeSession session;
    private final DeviceOptions options;
    private final int length;
    private final DeviceAllocator allocator;
    private final boolean exact;
    private final Map<String, Integer> nodesByProvider = new TreeMap<>();
    private final DeviceCache cache;
    private final DeviceSteps steps;
    private final Map<Integer, Run> decodes = new HashMap<>();
    private final Map<Integer, Run> prefills = new HashMap<>();
    private boolean recording;
    private boolean closed;

    /** Takes library, device and session over, also where it fails. */
    DeviceSession(OrtLibrary library, Device device, NativeSession session, ModelConfig model, DeviceOptions options, int length)
            throws OrtCallException, ModelException {
        this.library = library;
        this.device = device;
        this.session = session;
        this.options = options;
        this.length = length;
        DeviceAllocator opened = null;
        try {
            DeviceGraph graph = DeviceGraph.check(session, model);
            this.exact = graph.exact();
            session.assignment().forEach((provider, operators) -> nodesByProvider.put(
                    PROVIDERS.getOrDefault(provider, provider), operators.values().stream().mapToInt(Integer::intValue).sum()));
            int slots = options.ort().slots();
            int all = slots + options.ort().stagingSlots();
            requireMemory(DeviceCache.bytes(graph.cacheKind(), model, all, length), all);
            opened = session.allocator(device.place());
            this.allocator = opened;
            this.cache = new DeviceCache(device, opened, graph.cacheKind(), model, all, length);
            int tokens = Math.max(slots, Math.min(DeviceModelRunner.MAX_CHUNK, length));
            this.steps = new DeviceSteps(device, opened, graph, tokens, slots, model.vocabSize());
        } catch (OrtCallException | ModelException | RuntimeException | Error e) {
            release(opened);
            throw e;
        }
    }

    private void requireMemory(long bytes, int slots) throws ModelException {
        long free = device.freeBytes();
        if (bytes > free) {
            throw new ModelException("the KV cache of " + slots + " slots of " + length + " tokens needs " + (bytes >> 20) + " MiB, and "
                    + device.description() + " has " + (free >> 20) + " MiB free: use fewer slots or a shorter context");
        }
    }

    Map<String, Integer> nodesByProvider() {
        return Map.copyOf(nodesByProvider);
    }

    boolean exact() {
        return exact;
    }

    DeviceCache cache() {
        return cache;
    }

    DeviceSteps steps() {
        return steps;
    }

    /** From now on decodes are recorded, where that is wanted. Recordings belong to the thread that makes them. */
    void startRecording() {
        close(decodes);
        recording = options.graphs();
    }

    void prefill(int slot, int[] tokens, int from, int to) throws OrtCallException {
        cache.touch(slot, to);
        Run run = prefills.get(slot);
        if (run == null) {
            run = open(slot, 1, false);
            prefills.put(slot, run);
        }
        steps.bind(library, run.binding(), 1, to - from);
        steps.writePrefill(tokens, from, to);
        session.run(run.binding(), run.settings());
    }

    void decode(DecodeStep step) throws OrtCallException {
        int batch = step.batch();
        for (int slot = 0; slot < batch; slot++) {
            cache.touch(slot, step.lengths()[slot] + 1);
        }
        boolean recorded = recording && options.records(batch);
        Run run = decodes.get(batch);
        if (run == null) {
            run = open(0, batch, recorded);
            steps.bind(library, run.binding(), batch, 1);
            decodes.put(batch, run);
        }
        steps.writeDecode(step, recorded ? length : longest(step) + 1);
        session.run(run.binding(), run.settings());
    }

    private static int longest(DecodeStep step) {
        int longest = 0;
        for (int i = 0; i < step.batch(); i++) {
            longest = Math.max(longest, step.lengths()[i]);
        }
        return longest;
    }

    private Run open(int first, int count, boolean recorded) throws OrtCallException {
        RunSettings settings = library.runSettings();
        IoBinding binding = null;
        try {
            if (options.graphs()) {
                settings.config(RECORDING, recorded ? Integer.toString(count) : "-1");
            }
            binding = session.binding();
            cache.bind(library, binding, first, count);
            return new Run(binding, settings);
        } catch (OrtCallException | RuntimeException e) {
            settings.close();
            if (binding != null) {
                binding.close();
            }
            throw e;
        }
    }

    /** Frees in the order of use: what is bound, the memory, the session, the device under it. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            device.finish();
            close(decodes);
            close(prefills);
            release(allocator);
        }
    }

    private static void close(Map<Integer, Run> runs) {
        for (Run run : runs.values()) {
            run.binding().close();
            run.settings().close();
        }
        runs.clear();
    }

    private void release(DeviceAllocator opened) {
        if (opened != null) {
            try {
                opened.close();
            } catch (OrtCallException e) {
                LOG.log(System.Logger.Level.WARNING, "memory of a device could not be freed", e);
            }
        }
        session.close();
        library.close();
        device.close();
    }
}
