package dev.candor.inference.node;

import dev.candor.hub.catalog.ModelCatalog;
import dev.candor.hub.importer.ModelForm;
import dev.candor.hub.manifest.VerifiedModel;
import dev.candor.hub.store.ModelStore;
import dev.candor.hub.store.ProgressListener;
import dev.candor.inference.engine.ort.cuda.DecoderRunners;
import dev.candor.inference.importer.ImportOrder;
import dev.candor.inference.importer.ModelImports;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/** On a GPU, decoders of the catalog are served in a 16-bit form unless their operator names another. */
final class GpuForms {
    private final Path cache;

    GpuForms(Path cache) {
        this.cache = cache;
    }

    /** The model in the form for GPUs, if {@code wanted} leaves the form open. */
    NodeModel prefer(String wanted, NodeModel model) {
        return model.entry()
                .filter(entry -> entry.conversion().encoder().isEmpty() && !wanted.contains(":"))
                .map(entry -> NodeModel.inForm(entry, DecoderRunners.GPU_FORM))
                .orElse(model);
    }

    /** A model of the catalog in another form than the catalog's, converted where it is not in the store; empty if it is not of the catalog. */
    Optional<VerifiedModel> ensure(NodeModel model, ProgressListener progress) throws IOException {
        ModelCatalog catalog = ModelCatalog.bundled();
        if (catalog.find(model.name().toString()).isEmpty() || !model.form().equals(DecoderRunners.GPU_FORM)) {
            return Optional.empty();
        }
        ImportOrder order = new ImportOrder(
                model.name().toString(), Optional.of(ModelForm.of(model.form())), Optional.empty(), Optional.empty(), Optional.empty(), OptionalInt.empty(),
                false, true);
        new ModelImports(cache, catalog).run(order, progress);
        return new ModelStore(cache).find(model.name(), model.form());
    }
}
