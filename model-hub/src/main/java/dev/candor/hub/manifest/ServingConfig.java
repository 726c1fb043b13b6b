package dev.candor.hub.manifest;

import java.util.List;

/** What serving needs to know of a model, kept as {@code config.json} in its folder and covered by its digest. */
public sealed interface ServingConfig permits ModelConfig, EncoderConfig, TensorConfig {
    /** File name of the ONNX graph. */
    String graph();

    /** The precision, for example {@code fp32}. */
    String form();

    /** The files of the folder that serving needs beside {@code config.json}. */
    List<String> files();
}
