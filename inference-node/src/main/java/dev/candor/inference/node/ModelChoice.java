package dev.candor.inference.node;

import dev.candor.hub.catalog.CatalogEntry;
import dev.candor.hub.catalog.ModelCatalog;
import dev.candor.hub.manifest.ModelName;
import dev.candor.hub.store.ModelStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Finds what an operator means by {@code NAME} or {@code NAME:FORM}: a model of the catalog, or one that was imported. */
final class ModelChoice {
    private final ModelCatalog catalog;
    private final ModelStore store;

    ModelChoice(ModelCatalog catalog, ModelStore store) {
        this.catalog = catalog;
        this.store = store;
    }

    /** @throws StartException if there is no such model, or more than one */
    NodeModel find(String wanted) throws IOException, StartException {
        int colon = wanted.lastIndexOf(':');
        String name = colon < 0 ? wanted : wanted.substring(0, colon);
        Optional<String> form = colon < 0 ? Optional.empty() : Optional.of(wanted.substring(colon + 1));
        Optional<CatalogEntry> entry = catalog.find(name);
        return entry.isPresent() ? ofCatalog(entry.get(), form) : imported(name, form);
    }

    private NodeModel ofCatalog(CatalogEntry entry, Optional<String> form) throws IOException, StartException {
        if (form.isEmpty() || form.get().equals(entry.conversion().form().label())) {
            return NodeModel.of(entry);
        }
        if (stored(entry.name().toString()).stream().noneMatch(model -> model.form().equals(form.get()))) {
            throw new StartException(entry.name() + " is not here in form " + form.get() + "; make it by: candor models import " + entry.name()
                    + " --form " + form.get());
        }
        return NodeModel.inForm(entry, form.get());
    }

    private NodeModel imported(String name, Optional<String> form) throws IOException, StartException {
        List<ModelStore.Stored> found = stored(name).stream().filter(model -> form.isEmpty() || form.get().equals(model.form())).toList();
        if (found.isEmpty()) {
            throw new StartException("there is no model \"" + wanted(name, form) + "\"; there are " + known()
                    + "; candor models import brings in others");
        }
        if (found.size() > 1) {
            boolean one = found.stream().map(ModelStore.Stored::name).distinct().count() == 1;
            throw new StartException(wanted(name, form) + (one ? " is here in several forms; choose one: " : " is the name of several models here; choose one: ")
                    + found.stream().map(model -> model.name() + ":" + model.form()).collect(Collectors.joining(", ")));
        }
        return NodeModel.imported(found.getFirst().name(), found.getFirst().form());
    }

    private static String wanted(String name, Optional<String> form) {
        return name + form.map(label -> ":" + label).orElse("");
    }

    private List<ModelStore.Stored> stored(String name) throws IOException {
        return store.list().stream().filter(model -> ModelName.spellings(model.name().toString()).contains(name)).toList();
    }

    private String known() throws IOException {
        List<String> names = new ArrayList<>(catalog.entries().stream().map(entry -> entry.name().toString()).toList());
        store.list().stream().map(model -> model.name() + ":" + model.form()).limit(20).forEach(names::add);
        return String.join(", ", names);
    }
}
