package dev.candor.hub.onnx;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;

/**
 * An ONNX model ({@code ModelProto} of onnx.proto): read in full but for its weights, which stay in the mapped file until they are asked for. Immutable;
 * a rewrite makes a new one and writes that.
 *
 * @param opsets    version of each operator set by its domain; the standard one is empty
 * @param metadata  the model's own key-value pairs
 * @param functions operators it defines itself
 * @param rest      fields that are carried along unread
 */
public record OnnxModel(
        long irVersion,
        String producer,
        String producerVersion,
        Map<String, Long> opsets,
        ModelGraph graph,
        Map<String, String> metadata,
        List<LocalFunction> functions,
        List<MemorySegment> rest) {
    /** Most bytes a model's own file may have, which is protobuf's bound; weights may be in files beside it. */
    public static final long MAX_BYTES = Integer.MAX_VALUE;

    public OnnxModel {
        opsets = Map.copyOf(opsets);
        metadata = Map.copyOf(metadata);
        functions = List.copyOf(functions);
        rest = List.copyOf(rest);
    }

    /**
     * Reads the model of {@code file}, which must not change while the model is in use.
     *
     * @throws OnnxException if it is none, or one past the bounds of {@link ReadBudget}
     */
    public static OnnxModel read(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (channel.size() > MAX_BYTES) {
                throw new OnnxException(file.getFileName() + " has " + channel.size() + " bytes, more than the " + MAX_BYTES + " of any ONNX file");
            }
            return read(file, channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto()));
        }
    }

    private static OnnxModel read(Path file, MemorySegment bytes) throws OnnxException {
        try {
            return read(bytes);
        } catch (OnnxException e) {
            throw new OnnxException(file.getFileName() + " cannot be read as an ONNX model: " + e.getMessage() + ". The file of " + bytes.byteSize()
                    + " bytes is cut short, damaged or something else: download or export it again", e);
        }
    }

    /** Reads the model of {@code bytes}, which must not change while the model is in use. */
    public static OnnxModel read(MemorySegment bytes) throws OnnxException {
        if (bytes.byteSize() > MAX_BYTES) {
            throw new OnnxException("the model has " + bytes.byteSize() + " bytes, more than " + MAX_BYTES);
        }
        return new ModelReader().read(bytes);
    }

    /** The same model with another graph and opsets. */
    public OnnxModel with(Map<String, Long> otherOpsets, ModelGraph otherGraph) {
        return new OnnxModel(irVersion, producer, producerVersion, otherOpsets, otherGraph, metadata, functions, rest);
    }

    /** Writes the model to {@code file}, which must not exist; weights in files of their own stay where they are. */
    public void write(Path file) throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file, StandardOpenOption.CREATE_NEW))) {
            write(out);
        }
    }

    /** Writes the model's bytes; the same model gives the same bytes. */
    public void write(OutputStream out) throws IOException {
        ModelWriter.model(this).writeTo(out);
    }
}
