package dev.candor.hub.importer;

import dev.candor.hub.manifest.ModelName;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What to make of a model file.
 *
 * @param licence      SPDX identifier
 * @param chatTemplate Jinja source that takes the place of the file's own template
 * @param context      longest sequence to serve, at most the model's own
 */
public record ImportRequest(ModelName name, String licence, ModelForm form, Optional<String> chatTemplate, OptionalInt context) {
    /** With the context that the model's file gives. */
    public ImportRequest(ModelName name, String licence, ModelForm form, Optional<String> chatTemplate) {
        this(name, licence, form, chatTemplate, OptionalInt.empty());
    }
}
