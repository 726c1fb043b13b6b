package dev.candor.inference.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candor.hub.catalog.CatalogEntry;
import dev.candor.hub.catalog.ModelCatalog;
import dev.candor.hub.manifest.ModelName;
import dev.candor.hub.store.ProgressListener;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GpuFormsTest {
    @TempDir
    private Path cache;

    @Test
    void aCatalogModelIsServedIn16BitsUnlessAFormIsNamed() throws IOException {
        CatalogEntry entry = ModelCatalog.bundled().entries().getFirst();
        GpuForms forms = new GpuForms(cache);
        NodeModel named = NodeModel.of(entry);

        assertThat(forms.prefer("smollm2-135m-instruct", named).form()).isEqualTo("fp16");
        assertThat(forms.prefer("smollm2-135m-instruct", named).name()).isEqualTo(entry.name());
        assertThat(forms.prefer("smollm2-135m-instruct:q8", named)).isEqualTo(named);
    }

    @Test
    void encodersStayAsTheCatalogHasThem() throws IOException {
        CatalogEntry encoder = ModelCatalog.bundled().entries().stream()
                .filter(entry -> entry.conversion().encoder().isPresent())
                .findFirst()
                .orElseThrow();
        NodeModel model = NodeModel.of(encoder);

        assertThat(new GpuForms(cache).prefer(encoder.name().toString(), model)).isEqualTo(model);
    }

    @Test
    void whatItsOperatorImportedIsServedAsItIs() throws IOException {
        NodeModel imported = NodeModel.imported(new ModelName("someone", "model", "1"), "q8");
        GpuForms forms = new GpuForms(cache);

        assertThat(forms.prefer("someone/model@1", imported)).isEqualTo(imported);
        assertThat(forms.ensure(imported, ProgressListener.none())).isEmpty();
    }
}
