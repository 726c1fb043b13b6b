package dev.candor.inference.node;

import dev.candor.hub.catalog.ModelCatalog;
import dev.candor.hub.manifest.VerifiedModel;
import dev.candor.hub.store.ModelProvisioner;
import dev.candor.hub.store.ModelStore;
import dev.candor.hub.store.ProgressListener;
import dev.candor.inference.config.NodeConfig;
import dev.candor.inference.engine.ModelException;
import dev.candor.inference.engine.ort.OrtGraphCheck;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds the models that the configuration names, and makes them available. */
final class ModelShelf {
    private final Path cache;
    private final List<String> names;
    private final boolean gpu;
    private final GpuForms gpuForms;
    private final ModelCatalog catalog;
    private final ConversionAge age;

    /** @param gpu whether decoders are served on one */
    ModelShelf(NodeConfig config, boolean gpu, ModelCatalog catalog, ConversionAge age) {
        this.cache = config.cache();
        this.names = config.models();
        this.gpu = gpu;
        this.gpuForms = new GpuForms(cache);
        this.catalog = catalog;
        this.age = age;
    }

    /** The models that are to be served, in the configuration's order. */
    List<NodeModel> models() throws IOException, StartException {
        ModelChoice choice = new ModelChoice(catalog, new ModelStore(cache));
        Set<NodeModel> models = new LinkedHashSet<>();
        for (String name : names) {
            NodeModel found = choice.find(name);
            models.add(gpu ? gpuForms.prefer(name, found) : found);
        }
        return List.copyOf(models);
    }

    /** Fetches and converts the catalog's models where that is still to do; verifies those in the store. */
    List<VerifiedModel> provision(List<NodeModel> models, ProgressListener progress) throws IOException, StartException {
        ModelProvisioner provisioner = new ModelProvisioner(cache, new OrtGraphCheck(cache.resolve("natives")));
        ModelStore store = new ModelStore(cache);
        List<VerifiedModel> files = new ArrayList<>();
        for (NodeModel model : models) {
            files.add(model.entry().isPresent() ? provisioner.ensure(model.entry().get(), progress) : stored(store, model, progress));
        }
        return files;
    }

    private VerifiedModel stored(ModelStore store, NodeModel model, ProgressListener progress) throws IOException, StartException {
        Optional<VerifiedModel> found = store.find(model.name(), model.form());
        if (found.isPresent() && !differs(found.get())) {
            return found.get();
        }
        Optional<VerifiedModel> made = gpuForms.ensure(model, progress);
        if (made.isEmpty() && found.isPresent()) {
            progress.notice(age.notice(found.get()));
        }
        return made.or(() -> found).orElseThrow(() -> new StartException(model.name() + " vanished from " + cache + " meanwhile; start again"));
    }

    private boolean differs(VerifiedModel model) throws StartException {
        try {
            return age.differs(model);
        } catch (ModelException e) {
            throw new StartException("the model in " + model.folder() + " cannot be opened: " + e.getMessage() + "; " + age.remedy(model), e);
        }
    }
}
