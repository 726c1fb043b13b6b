package dev.candor.inference.engine.ort.cuda;

import dev.candor.inference.engine.ort.device.Device;
import dev.candor.inference.engine.ort.ffm.MemoryPlace;
import dev.candor.inference.engine.ort.ffm.MemorySpan;
import dev.candor.inference.engine.ort.ffm.OrtCallException;
import dev.candor.inference.engine.ort.ffm.SessionSettings;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An NVIDIA GPU. Runs and copies share one stream, so that none needs to wait for another on the host. */
public final class CudaDevice implements Device {
    /** What a session takes beside weights and cache while it runs. */
    private static final long RESERVE = 512L << 20;

    private static final int THOUSAND = 1000;
    private static final int TEN = 10;

    private final CudaRuntime runtime;
    private final CudaGpu gpu;
    private final String description;
    private final MemorySegment stream;
    private final List<MemorySegment> hostBuffers = new ArrayList<>();
    private boolean closed;

    CudaDevice(CudaRuntime runtime, CudaGpu gpu) {
        this.runtime = runtime;
        this.gpu = gpu;
        runtime.use(gpu.number());
        int version = runtime.version();
        this.description = String.format(
                "%s+sm%d%d+cuda-%d.%d+driver-%s",
                gpu.name().replaceAll("[^A-Za-z0-9.]+", "-"), gpu.major(), gpu.minor(), version / THOUSAND, version % THOUSAND / TEN, gpu.driver());
        this.stream = runtime.createStream();
    }

    /** The GPU itself. */
    public CudaGpu gpu() {
        return gpu;
    }

    @Override
    public String provider() {
        return "cuda";
    }

    @Override
    public String description() {
        return description;
    }

    /** CUDA's kernels are chosen by the lengths of a run, and nothing is promised of their order of summation. */
    @Override
    public boolean repeatable() {
        return false;
    }

    @Override
    public MemoryPlace place() {
        return MemoryPlace.cuda(gpu.number());
    }

    @Override
    public void configure(SessionSettings settings, boolean graphs) throws OrtCallException {
        Map<String, String> options = new LinkedHashMap<>();
        options.put("device_id", Integer.toString(gpu.number()));
        // A cache of gigabytes must not be rounded up to the next power of two.
        options.put("arena_extend_strategy", "kSameAsRequested");
        options.put("use_tf32", "0");
        if (graphs) {
            options.put("enable_cuda_graph", "1");
        }
        settings.cuda(options, stream);
    }

    @Override
    public long freeBytes() {
        runtime.use(gpu.number());
        return Math.max(0, runtime.freeBytes() - RESERVE);
    }

    @Override
    public MemorySegment hostBuffer(long bytes) {
        runtime.use(gpu.number());
        MemorySegment buffer = runtime.allocateHost(bytes);
        hostBuffers.add(buffer);
        return buffer.fill((byte) 0);
    }

    @Override
    public void clear(MemorySpan memory) {
        runtime.use(gpu.number());
        runtime.clear(memory.pointer(), memory.bytes(), stream);
    }

    @Override
    public void copy(MemorySpan to, long toPitch, MemorySpan from, long fromPitch, long width, long rows) {
        runtime.use(gpu.number());
        runtime.copy(to.pointer(), toPitch, from.pointer(), fromPitch, width, rows, stream);
    }

    @Override
    public void finish() {
        runtime.use(gpu.number());
        runtime.synchronize(stream);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            hostBuffers.forEach(runtime::freeHost);
            runtime.destroyStream(stream);
        }
    }
}
