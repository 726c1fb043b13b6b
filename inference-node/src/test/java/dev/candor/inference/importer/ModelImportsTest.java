package dev.candor.inference.importer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import dev.candor.hub.catalog.ModelCatalog;
import dev.candor.hub.importer.ModelForm;
import dev.candor.hub.manifest.ModelName;
import dev.candor.hub.manifest.VerifiedModel;
import dev.candor.hub.store.ModelStore;
import dev.candor.hub.store.ProgressListener;
import dev.candor.inference.engine.testing.Models;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelImportsTest {
    private static final Path GOLDEN = Path.of(System.getProperty("candor.root"), "oracles", "golden");

    @TempDir
    Path cache;

    private ModelImports imports;

    @BeforeAll
    static void loadRuntime() {
        Models.loadRuntime();
    }

    @BeforeEach
    void open() throws IOException {
        imports = new ModelImports(cache, ModelCatalog.bundled());
    }

    @Test
    void putsAHuggingFaceFolderIntoTheStoreAndSaysHowNearItIs() throws Exception {
        ImportReport report = imports.run(order(GOLDEN.resolve("qwen3/hf"), ModelForm.Q8, Optional.of(ModelName.parse("me/tiny@2"))), ProgressListener.none());

        VerifiedModel model = new ModelStore(cache).find(ModelName.parse("me/tiny@2"), "q8").orElseThrow();
        assertThat(report.name()).isEqualTo("me/tiny@2");
        assertThat(report.folder()).isEqualTo(model.folder());
        assertThat(report.digest()).isEqualTo(model.manifest().digest().toString());
        assertThat(report.bytes()).isEqualTo(model.manifest().totalSize());
        assertThat(report.format()).isEqualTo("safetensors");
        assertThat(report.quality()).isInstanceOfSatisfying(ImportReport.Quality.Measured.class, measured -> {
            assertThat(measured.report().tokens()).isBetween(256, 512);
            assertThat(measured.report().divergence()).isBetween(0.0, 0.05);
            assertThat(measured.report().topOne()).isGreaterThan(0.9);
            assertThat(measured.report().perplexityRatio()).isCloseTo(1, offset(0.1));
        });
    }

    @Test
    void namesAGgufFileAfterItselfAndShowsProgressUpToItsWeights() throws Exception {
        List<Long> done = new ArrayList<>();
        List<Long> totals = new ArrayList<>();
        ImportReport report = imports.run(order(GOLDEN.resolve("phi3/model.gguf"), ModelForm.FP32, Optional.empty()), new ProgressListener() {
            @Override
            public void progress(Step step, String what, long bytes, long total) {
                done.add(bytes);
                totals.add(total);
            }

            @Override
            public void notice(String line) {}
        });

        assertThat(report.name()).isEqualTo("local/model@1");
        assertThat(report.format()).isEqualTo("gguf");
        assertThat(done).isSorted().last().isEqualTo(report.sourceBytes());
        assertThat(totals).containsOnly(report.sourceBytes());
        assertThat(report.quality()).isEqualTo(new ImportReport.Quality.Skipped("fp32 is what others are compared with"));
        assertThat(new ModelStore(cache).list()).extracting(ModelStore.Stored::name).containsExactly(ModelName.parse("local/model@1"));
    }

    @Test
    void leavesNothingBehindWhenItIsBrokenOff() throws Exception {
        ProgressListener breaking = new ProgressListener() {
            @Override
            public void progress(Step step, String what, long done, long total) {
                throw new CancellationException("enough");
            }

            @Override
            public void notice(String line) {}
        };

        assertThatThrownBy(() -> imports.run(order(GOLDEN.resolve("llama3/hf"), ModelForm.Q8, Optional.empty()), breaking))
                .hasMessage("enough");
        assertThat(files()).allMatch(file -> file.endsWith(".lock"));
    }

    @Test
    void clearsAwayWhatAKilledImportLeft() throws Exception {
        Path left = cache.resolve("models/.incoming/me,killed,1,q8");
        Files.createDirectories(left);
        Files.writeString(left.resolve("model.onnx.data"), "half");

        imports.run(order(GOLDEN.resolve("phi3/model.gguf"), ModelForm.FP32, Optional.empty()), ProgressListener.none());

        assertThat(left).doesNotExist();
    }

    @Test
    void replacesAnEarlierImportOnlyByAWholeOne() throws Exception {
        ImportOrder good = order(GOLDEN.resolve("phi3/model.gguf"), ModelForm.FP32, Optional.empty());
        ImportReport first = imports.run(good, ProgressListener.none());
        Path cut = cache.resolve("cut/model.gguf");
        Files.createDirectories(cut.getParent());
        byte[] bytes = Files.readAllBytes(GOLDEN.resolve("phi3/model.gguf"));
        Files.write(cut, Arrays.copyOf(bytes, bytes.length - 1000));

        assertThatThrownBy(() -> imports.run(order(cut, ModelForm.FP32, Optional.empty()), ProgressListener.none()))
                .hasMessageStartingWith("model.gguf cannot be read as a GGUF model: ").hasMessageEndingWith("cut short or damaged: download it again");
        assertThat(new ModelStore(cache).find(ModelName.parse("local/model@1"), "fp32").orElseThrow().manifest().digest().toString())
                .isEqualTo(first.digest());
    }

    @Test
    void refusesATemplateOrATokenizerThatCouldNotBeServed() throws Exception {
        Path folder = cache.resolve("source");
        try (Stream<Path> files = Files.list(GOLDEN.resolve("qwen3/hf"))) {
            Files.createDirectories(folder);
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        }
        ImportOrder broken = new ImportOrder(folder.toString(), Optional.of(ModelForm.Q8), Optional.empty(), Optional.empty(), Optional.of("{% if %}"),
                OptionalInt.empty(), false, false);
        assertThatThrownBy(() -> imports.run(broken, ProgressListener.none()))
                .hasMessageStartingWith("the chat template cannot be used: ").hasMessageEndingWith("; give another by --chat-template");

        Files.writeString(folder.resolve("tokenizer.json"), "{\"model\":{\"type\":\"Unknown\",\"vocab\":{\"<|endoftext|>\":0,\"<|im_end|>\":1}}}");
        assertThatThrownBy(() -> imports.run(order(folder, ModelForm.Q8, Optional.empty()), ProgressListener.none()))
                .hasMessageStartingWith("the tokenizer cannot be used: ");
        assertThat(new ModelStore(cache).list()).isEmpty();
    }

    @Test
    void saysThatThereIsNothingOfThatName() {
        assertThatThrownBy(() -> imports.run(order(Path.of("no-such-model"), ModelForm.Q8, Optional.empty()), ProgressListener.none()))
                .hasMessage("there is no file or folder no-such-model, and the catalog has no model of that name");
    }

    private static ImportOrder order(Path source, ModelForm form, Optional<ModelName> name) {
        return new ImportOrder(
                source.toString(), Optional.of(form), name, Optional.of("Apache-2.0"), Optional.empty(), OptionalInt.empty(), true, false);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(cache)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }
}
