package dev.candor.inference.engine.ort.cuda;

import dev.candor.hub.manifest.ModelConfig;
import dev.candor.inference.engine.ModelException;
import dev.candor.inference.engine.ModelRunner;
import dev.candor.inference.engine.ort.OrtModelRunner;
import dev.candor.inference.engine.ort.OrtOptions;
import dev.candor.inference.engine.ort.OrtRuntime;
import dev.candor.inference.engine.ort.device.DeviceException;
import dev.candor.inference.engine.ort.device.DeviceModelRunner;
import dev.candor.inference.engine.ort.device.DeviceOptions;
import dev.candor.inference.engine.ort.device.DevicePreference;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** Opens decoders on the device that is preferred and can be used. */
public final class DecoderRunners {
    /** The form that a GPU should be given. */
    public static final String GPU_FORM = "fp16";

    /** Forms whose attention CUDA's kernels take. */
    private static final Set<String> GPU_FORMS = Set.of(GPU_FORM, "q8f16", "q4f16");

    private static final System.Logger LOG = System.getLogger(DecoderRunners.class.getName());

    private final DevicePreference preference;
    private final CudaStatus cuda;

    /** @param cuda is only asked where a GPU may be used */
    public DecoderRunners(DevicePreference preference, CudaProbe cuda) {
        this.preference = preference;
        this.cuda = preference == DevicePreference.CPU ? new CudaStatus.Missing(false, List.of("the CPU is asked for")) : cuda.probe();
        if (this.cuda instanceof CudaStatus.Missing missing && expected(missing)) {
            LOG.log(System.Logger.Level.WARNING, "models run on the CPU: {0}", missing.text());
        }
    }

    private boolean expected(CudaStatus.Missing missing) {
        return preference == DevicePreference.CUDA || preference == DevicePreference.AUTO && missing.driver();
    }

    /** Whether decoders run on a GPU here, and so should be had in a 16-bit form. */
    public boolean gpu() {
        return cuda instanceof CudaStatus.Usable;
    }

    /**
     * Opens a decoder, on the GPU if there is one and the model's form is for GPUs.
     *
     * @throws ModelException if the model cannot be opened there
     */
    public ModelRunner open(OrtRuntime runtime, Path folder, ModelConfig model, OrtOptions options) throws ModelException {
        if (!(cuda instanceof CudaStatus.Usable usable)) {
            return OrtModelRunner.open(runtime, folder, model, options);
        }
        if (!GPU_FORMS.contains(model.form())) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the model in {0} runs on the CPU: its form {1} computes attention in 32 bits, which the GPU's kernels do not take; import it as fp16, q8f16 or q4f16",
                    folder,
                    model.form());
            return OrtModelRunner.open(runtime, folder, model, options);
        }
        try {
            return open(usable, runtime, folder, model, new DeviceOptions(options, true));
        } catch (ModelException e) {
            LOG.log(System.Logger.Level.WARNING, "decodes of the model in {0} are not recorded: {1}", folder, e.getMessage());
            return open(usable, runtime, folder, model, new DeviceOptions(options, false));
        }
    }

    private static ModelRunner open(CudaStatus.Usable usable, OrtRuntime runtime, Path folder, ModelConfig model, DeviceOptions options)
            throws ModelException {
        try {
            CudaDevice device = usable.opener().open(usable.gpus().getFirst());
            return DeviceModelRunner.open(runtime, device, folder, model, options);
        } catch (DeviceException e) {
            throw new ModelException("the GPU cannot be used: " + e.getMessage(), e);
        }
    }
}
