package dev.candor.inference.node;

import com.sun.management.OperatingSystemMXBean;
import dev.candor.attestation.receipt.ModelBinding;
import dev.candor.hub.catalog.ModelCatalog;
import dev.candor.hub.manifest.EncoderConfig;
import dev.candor.hub.manifest.ModelConfig;
import dev.candor.hub.manifest.TensorConfig;
import dev.candor.hub.manifest.VerifiedModel;
import dev.candor.hub.store.ModelProvisioner;
import dev.candor.hub.store.ModelStore;
import dev.candor.hub.store.ProgressListener;
import dev.candor.inference.config.NodeConfig;
import dev.candor.inference.engine.EngineOptions;
import dev.candor.inference.engine.ModelException;
import dev.candor.inference.engine.ModelRunner;
import dev.candor.inference.engine.encoder.BatchingEncoder;
import dev.candor.inference.engine.encoder.EncoderOptions;
import dev.candor.inference.engine.memory.MachineMemory;
import dev.candor.inference.engine.ort.ExportedModelRunner;
import dev.candor.inference.engine.ort.NativeSet;
import dev.candor.inference.engine.ort.OrtEncoderRunner;
import dev.candor.inference.engine.ort.OrtGraphCheck;
import dev.candor.inference.engine.ort.OrtOptions;
import dev.candor.inference.engine.ort.OrtRuntime;
import dev.candor.inference.engine.ort.OrtTensorRunner;
import dev.candor.inference.engine.ort.cuda.CudaProbe;
import dev.candor.inference.engine.ort.cuda.DecoderRunners;
import dev.candor.inference.engine.ort.device.DeviceModelRunner;
import dev.candor.inference.engine.schedule.BatchingEngine;
import dev.candor.inference.engine.tensor.QueuedTensorEngine;
import dev.candor.inference.engine.tensor.TensorOptions;
import dev.candor.inference.http.ChatModel;
import dev.candor.inference.http.EncoderModel;
import dev.candor.inference.http.LoadedModel;
import dev.candor.inference.http.Models;
import dev.candor.inference.http.TensorModel;
import dev.candor.inference.text.HfEncoderTokenizer;
import dev.candor.inference.openai.PromptRenderer;
import dev.candor.inference.text.HfTokenizer;
import dev.candor.inference.text.TemplateException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Makes the models that the configuration names available, and opens them for serving. */
final class ModelOpener {
    private static final Duration DRAIN = Duration.ofSeconds(30);
    private static final Duration TENSOR_PATIENCE = Duration.ofMinutes(1);
    private static final System.Logger LOG = System.getLogger(ModelOpener.class.getName());
    private static final int PREFILL_CHUNK = 256;

    private final NodeConfig config;
    private final Clock clock;
    private final DecoderRunners decoders;
    private final GpuForms gpuForms;

    ModelOpener(NodeConfig config, Clock clock) {
        this.config = config;
        this.clock = clock;
        this.gpuForms = new GpuForms(config.cache());
        this.decoders = new DecoderRunners(config.hardware().device(), CudaProbe.system(NativeSet.onClassPath(), System.getenv()));
    }

    /** The models that are to be served, in the configuration's order. */
    List<NodeModel> models() throws IOException, StartException {
        ModelChoice choice = new ModelChoice(ModelCatalog.bundled(), new ModelStore(config.cache()));
        Set<NodeModel> models = new LinkedHashSet<>();
        for (String name : config.models()) {
            NodeModel found = choice.find(name);
            models.add(decoders.gpu() ? gpuForms.prefer(name, found) : found);
        }
        return List.copyOf(models);
    }

    /** Fetches and converts the catalog's models where that is still to do; verifies those in the store. */
    List<VerifiedModel> provision(List<NodeModel> models, ProgressListener progress) throws IOException, StartException {
        ModelProvisioner provisioner = new ModelProvisioner(config.cache(), new OrtGraphCheck(config.cache().resolve("natives")));
        ModelStore store = new ModelStore(config.cache());
        List<VerifiedModel> files = new ArrayList<>();
        for (NodeModel model : models) {
            files.add(model.entry().isPresent() ? provisioner.ensure(model.entry().get(), progress) : stored(store, model, progress));
        }
        return files;
    }

    private VerifiedModel stored(ModelStore store, NodeModel model, ProgressListener progress) throws IOException, StartException {
        Optional<VerifiedModel> found = store.find(model.name(), model.form());
        return found.isPresent()
                ? found.get()
                : gpuForms.ensure(model, progress)
                        .orElseThrow(() -> new StartException(model.name() + " vanished from " + config.cache() + " meanwhile; start again"));
    }

    /** Loads the models into {@code served}, which owns those that were loaded even where another cannot be. */
    Models open(List<VerifiedModel> models, Models served) throws IOException, StartException {
        for (VerifiedModel model : models) {
            served.add(open(model));
        }
        return served;
    }

    /** Loads one model. @throws StartException if it cannot be served, with the reason */
    LoadedModel open(VerifiedModel model) throws IOException, StartException {
        Closing closing = new Closing();
        try {
            return switch (model.serving()) {
                case ModelConfig _ -> chat(model, closing);
                case EncoderConfig encoder -> encoder(model, encoder, closing);
                case TensorConfig tensors -> tensor(model, tensors);
            };
        } catch (IOException | StartException | RuntimeException e) {
            closing.close();
            throw e;
        }
    }

    private TensorModel tensor(VerifiedModel model, TensorConfig tensors) throws IOException, StartException {
        try {
            OrtTensorRunner runner = OrtTensorRunner.open(OrtRuntime.load(config.cache().resolve("natives")), model.graph(), tensors.form(), threads());
            TensorOptions bounds = new TensorOptions(config.limits().maxQueue(), config.limits().maxTensorBody(), TENSOR_PATIENCE, DRAIN);
            return new TensorModel(
                    new ModelBinding(model.manifest().name(), model.manifest().digest()),
                    Files.getLastModifiedTime(model.folder()).toInstant(),
                    QueuedTensorEngine.start(runner, bounds));
        } catch (ModelException e) {
            throw new StartException("the model in " + model.folder() + " cannot be served: " + e.getMessage(), e);
        }
    }

    private EncoderModel encoder(VerifiedModel model, EncoderConfig encoder, Closing closing) throws IOException, StartException {
        Path natives = config.cache().resolve("natives");
        try {
            HfEncoderTokenizer tokenizer = closing.add(HfEncoderTokenizer.open(model.folder().resolve(encoder.tokenizer()), natives));
            OrtEncoderRunner runner = OrtEncoderRunner.open(OrtRuntime.load(natives), model.folder(), encoder, threads(), spins());
            return new EncoderModel(
                    new ModelBinding(model.manifest().name(), model.manifest().digest()),
                    Files.getLastModifiedTime(model.folder()).toInstant(),
                    encoder,
                    tokenizer,
                    BatchingEncoder.start(runner, EncoderOptions.defaults()));
        } catch (ModelException e) {
            throw new StartException("the model in " + model.folder() + " cannot be opened: " + e.getMessage()
                    + "; delete the folder to have it made anew", e);
        }
    }

    private int threads() {
        return config.hardware().threads() == 0 ? Runtime.getRuntime().availableProcessors() : config.hardware().threads();
    }

    private ChatModel chat(VerifiedModel model, Closing closing) throws IOException, StartException {
        Path natives = config.cache().resolve("natives");
        try {
            HfTokenizer tokenizer = closing.add(HfTokenizer.open(model.tokenizer(), natives));
            boolean exported = ExportedModelRunner.fits(model.graph());
            ModelRunner runner = exported
                    ? ExportedModelRunner.open(OrtRuntime.load(natives), model.folder(), model.config(), ortOptions(model))
                    : decoders.open(OrtRuntime.load(natives), model.folder(), model.config(), ortOptions(model));
            long kvBytes = exported ? kvBytes() / ExportedModelRunner.KV_COPIES : kvBytes() + onDevice(runner);
            BatchingEngine engine = closing.add(BatchingEngine.start(
                    runner,
                    tokenizer,
                    model.config().eosTokens(),
                    new EngineOptions(config.limits().maxQueue(), PREFILL_CHUNK, DRAIN).withKvBytes(kvBytes)));
            PromptRenderer prompts = PromptRenderer.open(model, tokenizer, clock);
            return new ChatModel(
                    new ModelBinding(model.manifest().name(), model.manifest().digest()),
                    Files.getLastModifiedTime(model.folder()).toInstant(),
                    prompts.variables(),
                    prompts.template(),
                    tokenizer,
                    engine);
        } catch (IllegalArgumentException e) {
            throw new StartException("the model in " + model.folder() + " cannot be served: " + e.getMessage(), e);
        } catch (ModelException | TemplateException e) {
            throw new StartException("the model in " + model.folder() + " cannot be opened: " + e.getMessage()
                    + "; delete the folder to have it made anew", e);
        }
    }

    /** Keys and values that take none of the host's memory. */
    private static long onDevice(ModelRunner runner) {
        return runner instanceof DeviceModelRunner device ? device.cacheBytes() : 0;
    }

    private long kvBytes() {
        var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        MachineMemory machine = new MachineMemory(Path.of("/"), OptionalLong.of(system.getFreeMemorySize()));
        Runtime java = Runtime.getRuntime();
        return new KvSizing(machine, config.limits().kvMemory()).bytes(java.maxMemory() - java.totalMemory());
    }

    private boolean spins() {
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        boolean spins = config.hardware().spin().spins(load, Runtime.getRuntime().availableProcessors());
        if (!spins) {
            LOG.log(System.Logger.Level.INFO, "the engine's threads do not spin (load " + load
                    + "): on an idle machine a start with --spin on makes it faster");
        }
        return spins;
    }

    private OrtOptions ortOptions(VerifiedModel model) {
        int context = config.limits().context() == 0
                ? model.config().contextLength()
                : Math.min(config.limits().context(), model.config().contextLength());
        return new OrtOptions(config.limits().maxConcurrent(), context, threads(), spins());
    }
}
