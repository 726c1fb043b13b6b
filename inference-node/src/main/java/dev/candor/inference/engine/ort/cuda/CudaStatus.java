package dev.candor.inference.engine.ort.cuda;

import java.util.List;

/** Whether models can run on an NVIDIA GPU here. */
public sealed interface CudaStatus {
    /** They can, on any of these. */
    record Usable(List<CudaGpu> gpus, CudaOpener opener) implements CudaStatus {}

    /**
     * They cannot.
     *
     * @param driver  whether there is an NVIDIA driver at all, so that somebody may expect them to
     * @param missing what is missing, each with what to do
     */
    record Missing(boolean driver, List<String> missing) implements CudaStatus {
        /** All in one sentence. */
        public String text() {
            return String.join("; ", missing);
        }
    }
}
