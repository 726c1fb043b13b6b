package dev.candor.hub.manifest;

import java.nio.file.Path;

/**
 * A model's folder whose every file was found equal to its manifest.
 *
 * @param folder absolute
 */
public record VerifiedModel(Path folder, ModelManifest manifest, ModelConfig config) {
    /** The ONNX graph. */
    public Path graph() {
        return folder.resolve(config.graph());
    }

    /** The Hugging Face tokenizer. */
    public Path tokenizer() {
        return folder.resolve(config.tokenizer());
    }

    /** The Jinja chat template. */
    public Path chatTemplate() {
        return folder.resolve(config.chatTemplate());
    }
}
