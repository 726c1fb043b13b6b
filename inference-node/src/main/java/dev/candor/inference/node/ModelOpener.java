package dev.candor.inference.node;

import dev.candor.attestation.receipt.ModelBinding;
import dev.candor.hub.manifest.EncoderConfig;
import dev.candor.hub.manifest.ModelConfig;
import dev.candor.hub.manifest.TensorConfig;
import dev.candor.hub.manifest.VerifiedModel;
import dev.candor.inference.config.NodeConfig;
import dev.candor.inference.config.SpinChoice;
import dev.candor.inference.engine.EngineOptions;
import dev.candor.inference.engine.ModelException;
import dev.candor.inference.engine.ModelRunner;
import dev.candor.inference.engine.encoder.BatchingEncoder;
import dev.candor.inference.engine.encoder.EncoderOptions;
import dev.candor.inference.engine.ort.ExportedModelRunner;
import dev.candor.inference.engine.ort.OrtEncoderRunner;
import dev.candor.inference.engine.ort.OrtOptions;
import dev.candor.inference.engine.ort.OrtRuntime;
import dev.candor.inference.engine.ort.OrtTensorRunner;
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
import dev.candor.inference.openai.PromptRenderer;
import dev.candor.inference.structured.ModelForms;
import dev.candor.inference.text.HfEncoderTokenizer;
import dev.candor.inference.text.HfTokenizer;
import dev.candor.inference.text.TemplateException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;

/** Opens models for serving. */
final class ModelOpener {
    private static final Duration DRAIN = Duration.ofSeconds(30);
    private static final Duration TENSOR_PATIENCE = Duration.ofMinutes(1);
    private static final System.Logger LOG = System.getLogger(ModelOpener.class.getName());
    private static final int PREFILL_CHUNK = 256;

    private final NodeConfig config;
    private final Clock clock;
    private final DecoderRunners decoders;
    private final KvLedger memory;
    private final ConversionAge age;
    private final ForeignLoad others = new ForeignLoad();
    private final AtomicBoolean toldOfSpin = new AtomicBoolean();

    /** @param memory what chat models are promised for keys and values */
    ModelOpener(NodeConfig config, Clock clock, DecoderRunners decoders, KvLedger memory, ConversionAge age) {
        this.config = config;
        this.clock = clock;
        this.decoders = decoders;
        this.memory = memory;
        this.age = age;
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
        } catch (IOException | StartException | RuntimeException | Error e) {
            closing.close();
            throw e;
        }
    }

    private TensorModel tensor(VerifiedModel model, TensorConfig tensors) throws IOException, StartException {
        Instant created = created(model);
        try {
            OrtTensorRunner runner = OrtTensorRunner.open(OrtRuntime.load(config.cache().resolve("natives")), model.graph(), tensors.form(), threads());
            TensorOptions bounds = new TensorOptions(
                    config.limits().maxQueue(), config.access().share(), config.limits().maxTensorBody(), TENSOR_PATIENCE, DRAIN);
            return new TensorModel(
                    new ModelBinding(model.manifest().name(), model.manifest().digest()),
                    created,
                    QueuedTensorEngine.start(runner, bounds));
        } catch (ModelException e) {
            throw new StartException("the model in " + model.folder() + " cannot be served: " + e.getMessage(), e);
        }
    }

    private EncoderModel encoder(VerifiedModel model, EncoderConfig encoder, Closing closing) throws IOException, StartException {
        Path natives = config.cache().resolve("natives");
        Instant created = created(model);
        try {
            HfEncoderTokenizer tokenizer = closing.add(HfEncoderTokenizer.open(model.folder().resolve(encoder.tokenizer()), natives));
            OrtEncoderRunner runner = OrtEncoderRunner.open(OrtRuntime.load(natives), model.folder(), encoder, threads(), spins());
            return new EncoderModel(
                    new ModelBinding(model.manifest().name(), model.manifest().digest()),
                    created,
                    encoder,
                    tokenizer,
                    BatchingEncoder.start(runner, EncoderOptions.defaults().withShare(config.access().share())));
        } catch (ModelException e) {
            throw unopened(model, e);
        }
    }

    private static Instant created(VerifiedModel model) throws IOException {
        return Files.getLastModifiedTime(model.folder()).toInstant();
    }

    private StartException unopened(VerifiedModel model, Exception cause) {
        return new StartException("the model in " + model.folder() + " cannot be opened: " + cause.getMessage() + "; " + age.remedy(model), cause);
    }

    private int threads() {
        return config.hardware().threads() == 0 ? Runtime.getRuntime().availableProcessors() : config.hardware().threads();
    }

    private ChatModel chat(VerifiedModel model, Closing closing) throws IOException, StartException {
        Path natives = config.cache().resolve("natives");
        KvLedger.Promise promise = closing.add(memory.promise(model.manifest().name()));
        try {
            HfTokenizer tokenizer = closing.add(HfTokenizer.open(model.tokenizer(), natives));
            ModelRunner runner = ExportedModelRunner.fits(model.graph())
                    ? ExportedModelRunner.open(OrtRuntime.load(natives), model.folder(), model.config(), ortOptions(model))
                    : decoders.open(OrtRuntime.load(natives), model.folder(), model.config(), ortOptions(model));
            BatchingEngine engine = closing.add(
                    BatchingEngine.start(runner, tokenizer, model.config().eosTokens(), options(runner, promise.bytes())));
            long kept = Math.max(0, engine.stats().kv().limit() - onDevice(runner)) * copies(runner);
            promise.keep(kept, engine.info().contextLength(), runner.info().contextLength());
            PromptRenderer prompts = PromptRenderer.open(model, tokenizer, clock);
            return new ChatModel(
                    new ModelBinding(model.manifest().name(), model.manifest().digest()),
                    created(model),
                    prompts,
                    tokenizer,
                    ModelForms.of(tokenizer, model.config().eosTokens()),
                    engine,
                    model.config().contextLength(),
                    promise::close);
        } catch (IllegalArgumentException e) {
            throw new StartException("the model in " + model.folder() + " cannot be served: " + e.getMessage(), e);
        } catch (ModelException | TemplateException e) {
            throw unopened(model, e);
        }
    }

    /** @param promised bytes of the host's memory; 0 if there is no bound */
    private EngineOptions options(ModelRunner runner, long promised) {
        long bytes = promised == 0 ? 0 : Math.max(1, promised / copies(runner) + onDevice(runner));
        return new EngineOptions(config.limits().maxQueue(), PREFILL_CHUNK, DRAIN).withKvBytes(bytes);
    }

    private static int copies(ModelRunner runner) {
        return runner instanceof ExportedModelRunner ? ExportedModelRunner.KV_COPIES : 1;
    }

    /** Keys and values that take none of the host's memory. */
    private static long onDevice(ModelRunner runner) {
        return runner instanceof DeviceModelRunner device ? device.cacheBytes() : 0;
    }

    private boolean spins() {
        double busy = others.busyCores();
        boolean spins = config.hardware().spin().spins(busy, Runtime.getRuntime().availableProcessors());
        if (!spins && config.hardware().spin() == SpinChoice.AUTO && toldOfSpin.compareAndSet(false, true)) {
            LOG.log(System.Logger.Level.INFO, String.format(Locale.ROOT, "the engine's threads do not spin (other processes keep %.1f cores busy): on an"
                    + " idle machine a start with --spin on makes it faster", busy));
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
