package dev.candor.inference.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candor.hub.catalog.ModelCatalog;
import dev.candor.hub.manifest.ModelManifest;
import dev.candor.hub.manifest.ModelName;
import dev.candor.hub.store.ModelStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelChoiceTest {
    @TempDir
    Path cache;

    private ModelStore store;
    private ModelChoice choice;
    private String demo;

    @BeforeEach
    void open() throws IOException {
        store = new ModelStore(cache);
        ModelCatalog catalog = ModelCatalog.bundled();
        choice = new ModelChoice(catalog, store);
        demo = catalog.find("smollm2-135m-instruct").orElseThrow().name().toString();
    }

    @Test
    void takesTheCatalogsFormUnlessAnotherIsNamed() throws Exception {
        NodeModel model = choice.find("smollm2-135m-instruct");

        assertThat(model.name()).hasToString(demo);
        assertThat(model.form()).isEqualTo("q8");
        assertThat(model.entry()).isPresent();
        assertThat(choice.find("smollm2-135m-instruct:q8")).isEqualTo(model);
    }

    @Test
    void takesAnImportedFormOfACatalogModelAtItsPrice() throws Exception {
        assertThatThrownBy(() -> choice.find("smollm2-135m-instruct:w8a8"))
                .isInstanceOf(StartException.class)
                .hasMessage(demo + " is not here in form w8a8; make it by: candor models import " + demo + " --form w8a8");
        put(demo, "w8a8");

        NodeModel model = choice.find("smollm2-135m-instruct:w8a8");

        assertThat(model.form()).isEqualTo("w8a8");
        assertThat(model.entry()).isEmpty();
        assertThat(model.price()).isEqualTo(choice.find(demo).price());
    }

    @Test
    void findsImportedModelsByTheirFullName() throws Exception {
        put("me/tiny@1", "q8");

        assertThat(choice.find("me/tiny@1")).isEqualTo(NodeModel.imported(ModelName.parse("me/tiny@1"), "q8"));
        assertThat(choice.find("me/tiny@1:q8")).isEqualTo(choice.find("me/tiny@1"));
        assertThatThrownBy(() -> choice.find("me/tiny@1:q4")).hasMessageContaining("there is no model \"me/tiny@1:q4\"; there are ")
                .hasMessageContaining("me/tiny@1:q8");
    }

    @Test
    void asksForAFormWhereThereAreSeveral() throws Exception {
        put("me/tiny@1", "fp32");
        put("me/tiny@1", "q8");

        assertThatThrownBy(() -> choice.find("me/tiny@1")).hasMessage("me/tiny@1 is here in several forms; choose one: me/tiny@1:fp32, me/tiny@1:q8");
    }

    @Test
    void findsAnImportedModelByAShorterNameWhereThatMeansOne() throws Exception {
        put("me/tiny@1", "q8");
        put("me/tiny@1", "w8a8");

        for (String name : List.of("me/tiny:w8a8", "tiny:w8a8", "tiny@1:w8a8")) {
            assertThat(choice.find(name)).isEqualTo(NodeModel.imported(ModelName.parse("me/tiny@1"), "w8a8"));
        }
        put("me/tiny@2", "w8a8");
        assertThatThrownBy(() -> choice.find("me/tiny:w8a8"))
                .hasMessage("me/tiny:w8a8 is the name of several models here; choose one: me/tiny@1:w8a8, me/tiny@2:w8a8");
        assertThat(choice.find("tiny:q8").name()).hasToString("me/tiny@1");
    }

    @Test
    void namesWhatThereIsForANameThatIsNone() {
        assertThatThrownBy(() -> choice.find("no such")).isInstanceOf(StartException.class)
                .hasMessageContaining("there is no model \"no such\"; there are ").hasMessageContaining(demo);
    }

    private void put(String name, String form) throws IOException {
        Path folder = Files.createDirectories(store.folder(ModelName.parse(name), form));
        Files.writeString(folder.resolve(ModelManifest.FILE_NAME), "{}");
    }
}
