package dev.candor.hub.manifest;

import java.nio.file.Path;

/**
 * A model's folder whose every file was found equal to its manifest.
 *
 * @param folder absolute
 */
public record VerifiedModel(Path folder, ModelManifest manifest, ServingConfig serving) {
    /** The configuration of a decoder. @throws IllegalStateException if the model is none */
    public ModelConfig config() {
        if (serving instanceof ModelConfig decoder) {
            return decoder;
        }
        throw new IllegalStateException(manifest.name() + " is no decoder");
    }

    /** The ONNX graph. */
    public Path graph() {
        return folder.resolve(serving.graph());
    }

    /** The Hugging Face tokenizer of a decoder. */
    public Path tokenizer() {
        return folder.resolve(config().tokenizer());
    }

    /** The Jinja chat template of a decoder. */
    public Path chatTemplate() {
        return folder.resolve(config().chatTemplate());
    }
}
