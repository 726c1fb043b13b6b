package dev.candor.inference.engine.ort.cuda;

import dev.candor.inference.engine.ort.NativeSet;
import dev.candor.inference.engine.ort.device.DeviceException;
import java.lang.foreign.SymbolLookup;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Function;

/** Finds out whether models can run on an NVIDIA GPU, and if not, all that is missing at once. */
public final class CudaProbe {
    private static final String DRIVER = "libcuda.so.1";

    private final NativeSet natives;
    private final Function<String, Optional<SymbolLookup>> libraries;

    CudaProbe(NativeSet natives, Function<String, Optional<SymbolLookup>> libraries) {
        this.natives = natives;
        this.libraries = libraries;
    }

    /** @param environment names folders of CUDA by {@code CUDA_HOME} and {@code CUDA_PATH} */
    public static CudaProbe system(NativeSet natives, Map<String, String> environment) {
        CudaLibraries libraries = CudaLibraries.system(environment);
        return new CudaProbe(natives, libraries::open);
    }

    public CudaStatus probe() {
        List<String> missing = new ArrayList<>();
        Optional<SymbolLookup> driver = libraries.apply(DRIVER);
        List<CudaGpu> gpus = driver.map(library -> gpus(library, missing)).orElse(List.of());
        if (driver.isEmpty()) {
            missing.add("there is no NVIDIA driver (" + DRIVER + "): install it, and start containers with access to the GPU");
        }
        Optional<CudaRuntime> runtime = runtime(missing);
        if (missing.isEmpty() && runtime.isPresent()) {
            return new CudaStatus.Usable(gpus, new CudaOpener(runtime.get()));
        }
        return new CudaStatus.Missing(driver.isPresent(), List.copyOf(missing));
    }

    private static List<CudaGpu> gpus(SymbolLookup driver, List<String> missing) {
        try {
            List<CudaGpu> gpus = new CudaDriver(driver).devices();
            if (gpus.isEmpty()) {
                missing.add("the NVIDIA driver sees no GPU: check nvidia-smi and CUDA_VISIBLE_DEVICES");
            }
            return gpus;
        } catch (DeviceException | NoSuchElementException e) {
            missing.add("the NVIDIA driver cannot be used (" + e.getMessage() + "): check nvidia-smi");
            return List.of();
        }
    }

    private Optional<CudaRuntime> runtime(List<String> missing) {
        if (natives == NativeSet.CPU) {
            missing.add("this build of Candor has no CUDA provider: build it with the Maven profile cuda12 or cuda13, as ./candor up --device cuda does");
            return Optional.empty();
        }
        CudaRequirements wanted = CudaRequirements.of(natives);
        List<String> absent = new ArrayList<>();
        Optional<SymbolLookup> runtime = Optional.empty();
        for (String name : wanted.libraries()) {
            Optional<SymbolLookup> library = libraries.apply(name);
            if (library.isEmpty()) {
                absent.add(name);
            }
            if (name.equals(wanted.runtime())) {
                runtime = library;
            }
        }
        if (!absent.isEmpty()) {
            missing.add("libraries are not found: " + String.join(", ", absent) + ": install " + wanted.toolkit()
                    + ", or name its folder by CUDA_HOME or LD_LIBRARY_PATH");
            return Optional.empty();
        }
        try {
            return runtime.map(CudaRuntime::new);
        } catch (NoSuchElementException e) {
            missing.add(wanted.runtime() + " is not the CUDA runtime (" + e.getMessage() + ")");
            return Optional.empty();
        }
    }
}
