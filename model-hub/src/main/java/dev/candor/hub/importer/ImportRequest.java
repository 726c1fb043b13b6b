package dev.candor.hub.importer;

import dev.candor.hub.manifest.ModelName;
import java.util.Optional;

/**
 * What to make of a model file.
 *
 * @param licence      SPDX identifier
 * @param chatTemplate Jinja source that takes the place of the file's own template
 */
public record ImportRequest(ModelName name, String licence, ModelForm form, Optional<String> chatTemplate) {}
