package dev.candor.inference.node;

import dev.candor.hub.catalog.CatalogEntry;
import dev.candor.hub.catalog.TokenPrice;
import dev.candor.hub.manifest.ModelName;
import java.util.Optional;

/**
 * A model that the node is to serve: of the catalog, or imported by its operator.
 *
 * @param title what people call it
 * @param form  label of its precision
 * @param entry where it comes from, if it is made as the catalog says; absent for what is in the store already
 */
record NodeModel(ModelName name, String title, String form, Optional<TokenPrice> price, Optional<CatalogEntry> entry) {
    static NodeModel of(CatalogEntry entry) {
        return new NodeModel(entry.name(), entry.title(), entry.conversion().form().label(), entry.price(), Optional.of(entry));
    }

    /** The catalog's model in another form. */
    static NodeModel inForm(CatalogEntry entry, String form) {
        return new NodeModel(entry.name(), entry.title(), form, entry.price(), Optional.empty());
    }

    static NodeModel imported(ModelName name, String form) {
        return new NodeModel(name, "imported", form, Optional.empty(), Optional.empty());
    }
}
