package dev.candor.inference.engine.ort.cuda;

import dev.candor.inference.engine.ort.device.DeviceException;

/** Opens GPUs with a CUDA runtime that is loaded. */
public final class CudaOpener {
    private final CudaRuntime runtime;

    CudaOpener(CudaRuntime runtime) {
        this.runtime = runtime;
    }

    /** @throws DeviceException if the GPU cannot be used */
    public CudaDevice open(CudaGpu gpu) {
        return new CudaDevice(runtime, gpu);
    }
}
