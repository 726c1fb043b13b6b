package dev.candor.inference.engine.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.candor.hub.catalog.CatalogEntry;
import dev.candor.hub.catalog.ModelCatalog;
import dev.candor.hub.importer.GgufImporter;
import dev.candor.hub.importer.ImportRequest;
import dev.candor.hub.importer.ModelForm;
import dev.candor.hub.manifest.VerifiedModel;
import dev.candor.hub.rewrite.GraphCheck;
import dev.candor.hub.store.ModelProvisioner;
import dev.candor.hub.store.ModelStore;
import dev.candor.hub.store.ProgressListener;
import dev.candor.hub.store.ProvisioningException;
import dev.candor.inference.engine.ort.OrtGraphCheck;
import dev.candor.inference.engine.ort.OrtRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/** Where tests find models, vectors and native libraries. */
public final class Models {
    private Models() {}

    /** Kept between test runs, like any build output. */
    public static Path natives() {
        return Path.of("target", "natives");
    }

    /** Loads ONNX Runtime from where it stays: a process loads it once, and a test's own cache is gone after the test. */
    public static void loadRuntime() {
        OrtRuntime.load(natives());
    }

    public static Path shared() {
        return Path.of(System.getProperty("candor.shared", "absent"));
    }

    /**
     * What other implementations compute with the demo model: llama.cpp by {@code oracles/smollm2.py}, and the shared vectors where they are at hand.
     *
     * @param file logits.json or tokens.json
     */
    public static List<JsonNode> references(String file) throws IOException {
        List<JsonNode> cases = new ArrayList<>();
        Path own = Path.of(System.getProperty("candor.root"), "oracles", "smollm2", file);
        Path vectors = shared().resolve("vectors/smollm2").resolve(file.replace("tokens", "tokenizer"));
        for (Path each : List.of(own, vectors)) {
            if (each.equals(own) || Files.isRegularFile(each)) {
                new ObjectMapper().readTree(each.toFile()).path("cases").forEach(cases::add);
            }
        }
        return cases;
    }

    /** The cache that test runs share, so that the demo model is fetched once. */
    public static Path cache() {
        String home = System.getenv().getOrDefault("CANDOR_HOME", Path.of(System.getProperty("user.home"), ".candor").toString());
        return Path.of(System.getenv().getOrDefault("CANDOR_CACHE", home + "/cache"));
    }

    /** The demo model in a form, fetched and converted where that is still to do; the test is skipped where it cannot be fetched. */
    public static VerifiedModel demo(String form) throws IOException {
        CatalogEntry entry = ModelCatalog.bundled().entries().getFirst();
        try {
            VerifiedModel served = new ModelProvisioner(cache(), GraphCheck.none()).ensure(entry, ProgressListener.none());
            return served.config().form().equals(form) ? served : convert(entry, ModelForm.of(form));
        } catch (ProvisioningException e) {
            return Assumptions.abort("the demo model is not here: " + e.getMessage());
        }
    }

    /** The embedding model that a node serves by default, fetched and converted where that is still to do; the test is skipped where it cannot be. */
    public static VerifiedModel encoder() throws IOException {
        CatalogEntry entry = ModelCatalog.bundled().find("all-minilm-l6-v2").orElseThrow();
        try {
            return new ModelProvisioner(cache(), new OrtGraphCheck(natives())).ensure(entry, ProgressListener.none());
        } catch (ProvisioningException e) {
            return Assumptions.abort("the embedding model is not here: " + e.getMessage());
        }
    }

    private static VerifiedModel convert(CatalogEntry entry, ModelForm form) throws IOException {
        ModelStore converted = new ModelStore(Path.of("target"));
        Optional<VerifiedModel> present = converted.find(entry.name(), form);
        if (present.isPresent()) {
            return present.get();
        }
        Path gguf = cache().resolve("packages").resolve(entry.file().name());
        Assumptions.assumeTrue(Files.isRegularFile(gguf), "the demo model's GGUF file is not in the cache");
        ImportRequest request = new ImportRequest(entry.name(), entry.licence(), form, Optional.empty());
        return converted.publish(entry.name(), form, folder -> new GgufImporter().convert(gguf, folder, request));
    }
}
