package dev.candor.hub.catalog;

import dev.candor.hub.manifest.ModelName;
import java.util.List;
import java.util.Optional;

/**
 * A model that the node knows how to get.
 *
 * @param title         what people call it
 * @param aliases       short names that requests may use
 * @param licence       SPDX identifier
 * @param contextLength tokens
 * @param files         what the model is made from, its weights first
 * @param sources       in the order in which they are tried
 * @param price         absent where the model is served for nothing
 */
public record CatalogEntry(
        ModelName name,
        String title,
        List<String> aliases,
        String licence,
        int contextLength,
        List<SourceFile> files,
        List<ModelSource> sources,
        Conversion conversion,
        Optional<TokenPrice> price) {
    public CatalogEntry {
        aliases = List.copyOf(aliases);
        files = List.copyOf(files);
        sources = List.copyOf(sources);
    }

    /** The file with the model's weights. */
    public SourceFile file() {
        return files.getFirst();
    }
}
