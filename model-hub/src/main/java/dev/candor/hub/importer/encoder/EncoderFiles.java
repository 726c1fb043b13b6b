package dev.candor.hub.importer.encoder;

import java.nio.file.Path;

/**
 * What an encoder is made from.
 *
 * @param graph     ONNX model with its weights inside
 * @param tokenizer {@code tokenizer.json}
 */
public record EncoderFiles(Path graph, Path tokenizer, EncoderRecipe recipe) {}
