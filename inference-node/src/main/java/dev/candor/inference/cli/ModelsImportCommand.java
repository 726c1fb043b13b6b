package dev.candor.inference.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.hub.catalog.ModelCatalog;
import dev.candor.hub.importer.ModelForm;
import dev.candor.hub.manifest.ModelName;
import dev.candor.hub.quality.QualityReport;
import dev.candor.inference.importer.ImportOrder;
import dev.candor.inference.importer.ImportReport;
import dev.candor.inference.importer.ModelImports;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code candor models import}: takes a model into the store, so that {@code candor up --model} serves it. */
@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        description = "Import a model: a GGUF file, a Hugging Face folder with safetensors, an ONNX file, or a name of the catalog.")
final class ModelsImportCommand implements Callable<Integer> {
    private static final int MAX_TEMPLATE = 1 << 20;

    @Mixin
    private HomeOptions folders = new HomeOptions();

    @Option(names = "--form", paramLabel = "FORM", description = "fp32, q8, q4, q4exact, w8a8; for GPUs fp16, q8f16, q4f16 (q8; graphs are taken as they are).")
    private String form;

    @Option(names = "--name", paramLabel = "NAME", description = "publisher/name@version (default: local/FILE@1).")
    private String name;

    @Option(names = "--licence", paramLabel = "SPDX", description = "The model's licence, as an SPDX identifier.")
    private String licence;

    @Option(names = "--chat-template", paramLabel = "FILE", description = "A Jinja chat template in place of the model's own.")
    private Path chatTemplate;

    @Option(names = "--max-context", paramLabel = "TOKENS", description = "Longest sequence to serve, if shorter than the model's.")
    private Integer context;

    @Option(names = "--no-quality", description = "Do not compare the form with 32-bit floats.")
    private boolean unmeasured;

    @Option(names = "--replace", description = "Replace another model that is here under the same name, version and form.")
    private boolean replace;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Parameters(paramLabel = "PATH|NAME", description = "What to import.")
    private String source;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        ImportOrder order = order();
        ProgressPrinter shown = new ProgressPrinter(System.err, System.console() != null && !json);
        try (BreakableProgress progress = new BreakableProgress(shown)) {
            ImportReport report = new ModelImports(folders.cache(), ModelCatalog.bundled()).run(order, progress);
            print(report);
        }
        return 0;
    }

    private ImportOrder order() throws IOException {
        try {
            return new ImportOrder(
                    source,
                    Optional.ofNullable(form).map(ModelForm::of),
                    Optional.ofNullable(name).map(ModelName::parse),
                    Optional.ofNullable(licence),
                    template(),
                    context == null ? OptionalInt.empty() : OptionalInt.of(context),
                    !unmeasured,
                    replace);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private Optional<String> template() throws IOException {
        if (chatTemplate == null) {
            return Optional.empty();
        }
        if (Files.size(chatTemplate) > MAX_TEMPLATE) {
            throw new IOException(chatTemplate + " is longer than " + MAX_TEMPLATE + " bytes");
        }
        return Optional.of(Files.readString(chatTemplate));
    }

    private void print(ImportReport report) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(new ObjectMapper().writeValueAsString(object(report)));
        } else {
            out.printf(Locale.ROOT, "%s in form %s: %.1f MB in %.1f s, from %.1f MB of %s%n", report.name(), report.form(),
                    report.bytes() / 1e6, report.took().toMillis() / 1e3, report.sourceBytes() / 1e6, report.format());
            out.println(switch (report.quality()) {
                case ImportReport.Quality.Measured measured -> quality(measured.report());
                case ImportReport.Quality.Skipped skipped -> "quality not measured: " + skipped.reason();
            });
            out.printf("serve it by: candor up --model %s:%s%n", report.name(), report.form());
        }
        out.flush();
    }

    private static String quality(QualityReport report) {
        return String.format(Locale.ROOT, "against fp32 over %d tokens: KL %.4f nats, same best token %.1f %%, perplexity × %.3f", report.tokens(),
                report.divergence(), 100 * report.topOne(), report.perplexityRatio());
    }

    private static ObjectNode object(ImportReport report) {
        ObjectNode object = new ObjectMapper().createObjectNode()
                .put("name", report.name())
                .put("form", report.form())
                .put("folder", report.folder().toString())
                .put("digest", report.digest())
                .put("source_format", report.format())
                .put("source_bytes", report.sourceBytes())
                .put("bytes", report.bytes())
                .put("seconds", report.took().toMillis() / 1e3);
        ObjectNode quality = object.putObject("quality");
        switch (report.quality()) {
            case ImportReport.Quality.Measured(QualityReport measured) -> quality
                    .put("tokens", measured.tokens())
                    .put("kl", measured.divergence())
                    .put("top1", measured.topOne())
                    .put("perplexity_ratio", measured.perplexityRatio());
            case ImportReport.Quality.Skipped(String reason) -> quality.put("skipped", reason);
        }
        return object;
    }
}
