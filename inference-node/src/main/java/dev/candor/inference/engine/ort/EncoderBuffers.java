package dev.candor.inference.engine.ort;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import dev.candor.inference.engine.encoder.EncoderInput;
import dev.candor.inference.engine.memory.NativeMemory;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Inputs and output of an encoder's runs, written and read in place. */
final class EncoderBuffers {
    private final OrtEnvironment environment;
    private final EncoderGraph graph;
    private final int capacity;
    private final int padToken;
    private final Map<String, LongBuffer> wide = new HashMap<>();
    private final Map<String, IntBuffer> narrow = new HashMap<>();
    private final FloatBuffer output;

    /** The tensors of one run. */
    record Run(Map<String, OnnxTensor> inputs, OnnxTensor output) implements AutoCloseable {
        @Override
        public void close() {
            inputs.values().forEach(OnnxTensor::close);
            output.close();
        }
    }

    /** @param capacity sequences times tokens of the largest run */
    EncoderBuffers(OrtEnvironment environment, NativeMemory memory, EncoderGraph graph, int capacity, int padToken) {
        this.environment = environment;
        this.graph = graph;
        this.capacity = capacity;
        this.padToken = padToken;
        for (String name : graph.inputs()) {
            var bytes = memory.allocate((long) capacity * Long.BYTES).asByteBuffer().order(ByteOrder.nativeOrder());
            wide.put(name, bytes.asLongBuffer());
            narrow.put(name, bytes.asIntBuffer());
        }
        this.output = memory.allocate((long) capacity * graph.width() * Float.BYTES).asByteBuffer().order(ByteOrder.nativeOrder()).asFloatBuffer();
    }

    int capacity() {
        return capacity;
    }

    FloatBuffer output() {
        return output;
    }

    /** Writes the inputs, short sequences filled at their end, and makes the tensors. */
    Run fill(List<EncoderInput> batch, int longest) throws OrtException {
        if ((long) batch.size() * longest > capacity) {
            throw new IllegalArgumentException(batch.size() + " sequences of " + longest + " tokens are more than " + capacity);
        }
        for (int row = 0; row < batch.size(); row++) {
            EncoderInput input = batch.get(row);
            for (int at = 0; at < longest; at++) {
                boolean real = at < input.length();
                int to = row * longest + at;
                put(EncoderGraph.IDS, to, real ? input.tokens()[at] : padToken);
                put(EncoderGraph.MASK, to, real ? 1 : 0);
                put(EncoderGraph.TYPES, to, real ? input.types()[at] : 0);
            }
        }
        return tensors(batch.size(), longest);
    }

    private void put(String input, int at, int value) {
        if (graph.wide()) {
            LongBuffer buffer = wide.get(input);
            if (buffer != null) {
                buffer.put(at, value);
            }
        } else {
            IntBuffer buffer = narrow.get(input);
            if (buffer != null) {
                buffer.put(at, value);
            }
        }
    }

    private Run tensors(int rows, int longest) throws OrtException {
        long[] shape = {rows, longest};
        long[] outputShape = graph.tokenwise() ? new long[] {rows, longest, graph.width()} : new long[] {rows, graph.width()};
        int outputs = rows * (graph.tokenwise() ? longest : 1) * graph.width();
        Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
        for (String name : graph.inputs()) {
            inputs.put(name, graph.wide()
                    ? OnnxTensor.createTensor(environment, wide.get(name).slice(0, rows * longest), shape)
                    : OnnxTensor.createTensor(environment, narrow.get(name).slice(0, rows * longest), shape));
        }
        return new Run(inputs, OnnxTensor.createTensor(environment, output.slice(0, outputs), outputShape));
    }
}
