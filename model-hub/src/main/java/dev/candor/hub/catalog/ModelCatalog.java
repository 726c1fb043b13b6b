package dev.candor.hub.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import dev.candor.hub.manifest.StrictJson;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The models that can be fetched by name, in the order of {@code models/catalog.json}; the first is the default. */
public final class ModelCatalog {
    private static final String RESOURCE = "catalog.json";
    private static final int MAX_BYTES = 4 << 20;
    private static final int MAX_MODELS = 1000;

    private final List<CatalogEntry> entries;
    private final Map<String, CatalogEntry> byName;

    private ModelCatalog(List<CatalogEntry> entries, Map<String, CatalogEntry> byName) {
        this.entries = List.copyOf(entries);
        this.byName = Map.copyOf(byName);
    }

    /** The catalog packed into the jar. */
    public static ModelCatalog bundled() throws IOException {
        try (InputStream in = ModelCatalog.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("the jar lacks its model catalog");
            }
            return read(in.readAllBytes());
        }
    }

    /** @throws CatalogException if {@code json} is no catalog, or two of its models share a name or alias */
    public static ModelCatalog read(byte[] json) throws CatalogException {
        try {
            if (json.length > MAX_BYTES) {
                throw new IOException("more than " + MAX_BYTES + " bytes");
            }
            JsonNode root = new StrictJson().readObject(json);
            StrictJson.allowOnly(root, Set.of("models"));
            List<CatalogEntry> entries = new ArrayList<>();
            Map<String, CatalogEntry> byName = new LinkedHashMap<>();
            for (JsonNode model : StrictJson.array(root, "models", MAX_MODELS)) {
                CatalogEntry entry = new EntryReader().read(model);
                entries.add(entry);
                add(byName, entry.name().toString(), entry);
                for (String alias : entry.aliases()) {
                    add(byName, alias, entry);
                }
            }
            return new ModelCatalog(entries, byName);
        } catch (IOException | IllegalArgumentException e) {
            throw new CatalogException("the model catalog cannot be read: " + e.getMessage(), e);
        }
    }

    /** All models. */
    public List<CatalogEntry> entries() {
        return entries;
    }

    /** The model whose full name or alias is {@code name}. */
    public Optional<CatalogEntry> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    private static void add(Map<String, CatalogEntry> byName, String name, CatalogEntry entry) throws IOException {
        if (byName.put(name, entry) != null) {
            throw new IOException("two models are called " + name);
        }
    }
}
