package dev.candor.inference.node;

import dev.candor.hub.catalog.CatalogEntry;
import dev.candor.hub.catalog.ModelCatalog;
import dev.candor.hub.manifest.ModelConfig;
import dev.candor.hub.manifest.ModelManifest;
import dev.candor.hub.manifest.VerifiedModel;
import dev.candor.inference.engine.ModelException;
import dev.candor.inference.engine.ort.ExportedModelRunner;
import java.util.Optional;

/** Tells models that another version of this program has converted from those of its own, and how to make them anew. */
final class ConversionAge {
    private final ModelCatalog catalog;

    ConversionAge(ModelCatalog catalog) {
        this.catalog = catalog;
    }

    /** Whether this version would make another graph of the model's weights. */
    boolean differs(VerifiedModel model) throws ModelException {
        return model.serving() instanceof ModelConfig
                && model.manifest().converter() != ModelManifest.CONVERTER
                && !ExportedModelRunner.fits(model.graph());
    }

    /** What to tell the operator of a model that is served although its conversion is another version's. */
    String notice(VerifiedModel model) {
        return model.manifest().name() + ":" + model.manifest().form() + " was converted by another version of Candor; it is served as it is. To have it "
                + "as this version makes it: " + command(model);
    }

    /** What to do about a model that cannot be opened. */
    String remedy(VerifiedModel model) {
        String form = model.manifest().form();
        boolean made = entry(model).filter(entry -> entry.conversion().form().label().equals(form)).isPresent();
        return made
                ? "delete the folder to have it made anew"
                : "if its files are whole, another version of Candor may have made it: make it anew by " + command(model);
    }

    private String command(VerifiedModel model) {
        String name = model.manifest().name();
        String form = " --form " + model.manifest().form();
        return entry(model).isPresent()
                ? "candor models import " + name + form + " --replace"
                : "candor models import PATH" + form + " --name " + name + " --replace (PATH: the file or folder that it came from)";
    }

    private Optional<CatalogEntry> entry(VerifiedModel model) {
        return catalog.find(model.manifest().name());
    }
}
