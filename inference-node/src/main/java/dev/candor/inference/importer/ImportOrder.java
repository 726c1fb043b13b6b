package dev.candor.inference.importer;

import dev.candor.hub.importer.ModelForm;
import dev.candor.hub.manifest.ModelName;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a person wants imported.
 *
 * @param source       a path, or a name or alias of the catalog
 * @param name         to be known by; else made of the file's name, or the catalog's
 * @param licence      SPDX identifier; else the catalog's, or {@code NOASSERTION}
 * @param chatTemplate Jinja source that takes the place of the model's own
 * @param context      longest sequence to serve, if not the model's own
 * @param measured     whether the form's quality is measured where the model is small enough
 */
public record ImportOrder(
        String source,
        ModelForm form,
        Optional<ModelName> name,
        Optional<String> licence,
        Optional<String> chatTemplate,
        OptionalInt context,
        boolean measured) {}
