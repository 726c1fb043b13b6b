package dev.candor.inference.importer;

import dev.candor.hub.importer.ModelForm;
import dev.candor.hub.importer.source.ImportException;
import dev.candor.hub.manifest.ModelName;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a person wants imported.
 *
 * @param source       a path, or a name or alias of the catalog
 * @param form         precision to convert to; else q8 for decoders, and for graphs, which are taken as they are, their own
 * @param name         to be known by; else made of the file's name, or the catalog's
 * @param licence      SPDX identifier; else the catalog's, or {@code NOASSERTION}
 * @param chatTemplate Jinja source that takes the place of the model's own
 * @param context      longest sequence to serve, if not the model's own
 * @param measured     whether the form's quality is measured where the model is small enough
 * @param replace      whether another model of the same name, version and form may lose its place to this one
 */
public record ImportOrder(
        String source,
        Optional<ModelForm> form,
        Optional<ModelName> name,
        Optional<String> licence,
        Optional<String> chatTemplate,
        OptionalInt context,
        boolean measured,
        boolean replace) {
    /** The form of a model that is converted. */
    ModelForm converted() {
        return form.orElse(ModelForm.Q8);
    }

    /** @throws ImportException if the order is for another form than {@code own}, which a graph that is not converted has */
    void requireForm(String own) throws ImportException {
        if (form.isPresent() && !form.get().label().equals(own)) {
            throw new ImportException("an ONNX graph is taken as it is, and this one is in form " + own + ": it cannot be converted to "
                    + form.get().label() + "; leave --form away, or import the model from a GGUF file or a folder with safetensors");
        }
    }
}
