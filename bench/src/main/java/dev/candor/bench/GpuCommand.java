package dev.candor.bench;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.hub.catalog.CatalogEntry;
import dev.candor.hub.catalog.ModelCatalog;
import dev.candor.hub.importer.GgufImporter;
import dev.candor.hub.importer.ImportRequest;
import dev.candor.hub.importer.ModelForm;
import dev.candor.hub.manifest.VerifiedModel;
import dev.candor.hub.store.ModelStore;
import dev.candor.inference.engine.ModelException;
import dev.candor.inference.engine.ort.NativeSet;
import dev.candor.inference.engine.ort.OrtOptions;
import dev.candor.inference.engine.ort.OrtRuntime;
import dev.candor.inference.engine.ort.cuda.CudaDevice;
import dev.candor.inference.engine.ort.cuda.CudaProbe;
import dev.candor.inference.engine.ort.cuda.CudaStatus;
import dev.candor.inference.engine.ort.device.CpuDevice;
import dev.candor.inference.engine.ort.device.Device;
import dev.candor.inference.engine.ort.device.DeviceException;
import dev.candor.inference.engine.ort.device.DeviceModelRunner;
import dev.candor.inference.engine.ort.device.DeviceOptions;
import dev.candor.inference.engine.ort.device.DevicePreference;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * {@code bench gpu}: decode, prefill and time to the first token of the 16-bit forms on a GPU, with and without recorded decodes.
 * {@code --device cpu --toy} runs all of it without one.
 */
final class GpuCommand {
    static final Benchmark BENCHMARK = new Benchmark(
            "gpu",
            "Decoding, prefill and time to the first token of the 16-bit forms on a GPU, with and without recorded decodes. --device cpu --toy runs all of it "
                    + "without one.",
            GpuPlan.OPTIONS,
            GpuCommand::run);

    private final GpuPlan plan;
    private final OrtRuntime runtime;
    private final Path cache;
    private final PrintStream out;

    private GpuCommand(GpuPlan plan, OrtRuntime runtime, Path cache, PrintStream out) {
        this.plan = plan;
        this.runtime = runtime;
        this.cache = cache;
        this.out = out;
    }

    private static void run(Options options) throws Exception {
        run(GpuPlan.of(options), BenchModels.cache(), System.out);
    }

    /** @throws UnavailableException if a GPU is wanted and none can be used */
    static void run(List<String> arguments, Path cache, PrintStream out) throws Exception {
        run(GpuPlan.parse(arguments), cache, out);
    }

    private static void run(GpuPlan plan, Path cache, PrintStream out) throws Exception {
        new GpuCommand(plan, OrtRuntime.load(cache.resolve("natives")), cache, out).measure();
    }

    private void measure() throws Exception {
        Supplier<Device> device = device();
        Machine machine = Machine.detect();
        String gpu = describe(device);
        GpuReport report = new GpuReport(plan);
        for (String model : plan.models()) {
            for (ModelForm form : plan.forms()) {
                for (boolean graphs : plan.graphs()) {
                    measure(report, device, model, form, graphs);
                }
            }
        }
        if (report.empty()) {
            throw new ModelException(report.text());
        }
        String text = String.format("candor bench gpu%n%s%n%s, ONNX Runtime %s%n%n%s", machine.text(), gpu, runtime.version(), report.text());
        out.print(text);
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.set("machine", machine.json());
        json.put("device", gpu).put("onnxRuntime", runtime.version());
        json.put("context", plan.context()).put("tokens", plan.tokens()).put("rounds", plan.rounds());
        json.set("rows", report.json());
        out.println("kept in " + new Results(Path.of(plan.out()), Clock.systemUTC()).write("gpu", json, text));
    }

    private Supplier<Device> device() throws UnavailableException {
        if (plan.device() == DevicePreference.CPU) {
            return CpuDevice::new;
        }
        return switch (CudaProbe.system(NativeSet.onClassPath(), System.getenv()).probe()) {
            case CudaStatus.Usable usable -> () -> usable.opener().open(usable.gpus().getFirst());
            case CudaStatus.Missing missing ->
                throw new UnavailableException("no GPU can be used: " + missing.text() + "; --device cpu --toy tries the benchmark without one");
        };
    }

    private static String describe(Supplier<Device> device) throws IOException {
        try (Device opened = device.get()) {
            if (opened instanceof CudaDevice cuda) {
                Path version = Path.of("/sys/module/nvidia/version");
                String module = Files.isReadable(version) ? Files.readString(version).strip() : "unknown";
                return String.format("%s, %d MiB, driver %s (%s)", cuda.gpu().name(), cuda.gpu().memoryBytes() >> 20, module, cuda.description());
            }
            return opened.provider() + " " + opened.description();
        }
    }

    private void measure(GpuReport report, Supplier<Device> device, String name, ModelForm form, boolean graphs) throws IOException {
        Optional<VerifiedModel> model = model(name, form);
        if (model.isEmpty()) {
            report.fail(name, form.label(), graphs, "the demo model's file is not in the cache: run ./candor up once");
            return;
        }
        int threads = Runtime.getRuntime().availableProcessors();
        OrtOptions ort = new OrtOptions(plan.slots(), plan.length(), threads, true);
        long begin = System.nanoTime();
        try (DeviceModelRunner runner = DeviceModelRunner.open(
                runtime, device.get(), model.get().folder(), model.get().config(), new DeviceOptions(ort, graphs))) {
            double openMillis = (System.nanoTime() - begin) / 1e6;
            out.printf("%s %s%s …%n", name, form.label(), graphs ? " with graphs" : "");
            GpuBench.Result result = new GpuBench(runner, plan).measure();
            report.add(name, form.label(), graphs, runner.info().determinismClass(), openMillis, elsewhere(runner), result);
        } catch (ModelException | DeviceException e) {
            report.fail(name, form.label(), graphs, e.getMessage());
        }
    }

    private static Map<String, Integer> elsewhere(DeviceModelRunner runner) {
        Map<String, Integer> nodes = new TreeMap<>(runner.nodesByProvider());
        nodes.remove(runner.info().executionProvider());
        return nodes;
    }

    private Optional<VerifiedModel> model(String name, ModelForm form) throws IOException {
        if (!name.equals("demo")) {
            RandomDecoder decoder = Arrays.stream(RandomDecoder.values())
                    .filter(each -> each.label().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("there is no model " + name + " to measure; there are demo, "
                            + String.join(", ", Arrays.stream(RandomDecoder.values()).map(RandomDecoder::label).toList())));
            // Apart from the models that people serve.
            return Optional.of(decoder.in(new ModelStore(cache.resolve("bench")), form));
        }
        ModelStore store = new ModelStore(cache);
        CatalogEntry demo = ModelCatalog.bundled().entries().getFirst();
        Optional<VerifiedModel> present = store.find(demo.name(), form);
        Path gguf = cache.resolve("packages").resolve(demo.file().name());
        if (present.isPresent() || !Files.isRegularFile(gguf)) {
            return present;
        }
        ImportRequest request = new ImportRequest(demo.name(), demo.licence(), form, Optional.empty());
        return Optional.of(store.publish(demo.name(), form, folder -> new GgufImporter().convert(gguf, folder, request)));
    }
}
