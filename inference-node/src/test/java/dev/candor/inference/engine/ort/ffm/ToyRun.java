package dev.candor.inference.engine.ort.ffm;

import dev.candor.hub.manifest.ModelConfig;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/** One prefill of four tokens of a decoder, bound to memory of its own. */
final class ToyRun implements AutoCloseable {
    private static final int TOKENS = 4;
    private static final int CAPACITY = 64;

    private final Arena arena = Arena.ofConfined();
    private final List<BoundTensor> tensors = new ArrayList<>();
    private final OrtLibrary library;
    private final IoBinding binding;
    private final MemorySegment logits;

    ToyRun(OrtLibrary library, NativeSession session, ModelConfig model) throws OrtCallException {
        this.library = library;
        this.binding = session.binding();
        this.logits = arena.allocate((long) model.vocabSize() * Float.BYTES);
        binding.input("input_ids", tensor(arena.allocateFrom(ValueLayout.JAVA_LONG, 5, 6, 7, 8), ElementKind.INT64, 1, TOKENS));
        binding.input("out_rows", tensor(arena.allocateFrom(ValueLayout.JAVA_LONG, TOKENS - 1), ElementKind.INT64, 1));
        binding.input("seqlens_k", tensor(arena.allocateFrom(ValueLayout.JAVA_INT, TOKENS - 1), ElementKind.INT32, 1));
        binding.input("total_sequence_length", tensor(arena.allocateFrom(ValueLayout.JAVA_INT, TOKENS), ElementKind.INT32));
        if (session.inputs().stream().anyMatch(input -> input.name().equals("exact_step"))) {
            binding.input("exact_step", tensor(arena.allocate(1), ElementKind.BOOL));
        }
        binding.output("logits", tensor(logits, ElementKind.FLOAT, 1, model.vocabSize()));
        for (int layer = 0; layer < model.layers(); layer++) {
            for (String part : List.of("key", "value")) {
                MemorySegment memory = arena.allocate((long) model.kvHeads() * CAPACITY * model.headSize() * Float.BYTES, 64);
                BoundTensor cache = tensor(memory, ElementKind.FLOAT, 1, model.kvHeads(), CAPACITY, model.headSize());
                binding.input("past_key_values." + layer + "." + part, cache);
                binding.output("present." + layer + "." + part, cache);
            }
        }
    }

    static float[] logits(OrtLibrary library, NativeSession session, ModelConfig model) throws OrtCallException {
        try (ToyRun run = new ToyRun(library, session, model);
                RunSettings settings = library.runSettings()) {
            session.run(run.binding, settings);
            return run.logits.toArray(ValueLayout.JAVA_FLOAT);
        }
    }

    IoBinding binding() {
        return binding;
    }

    private BoundTensor tensor(MemorySegment memory, ElementKind kind, long... shape) throws OrtCallException {
        BoundTensor tensor = library.tensor(MemorySpan.of(memory), kind, shape);
        tensors.add(tensor);
        return tensor;
    }

    @Override
    public void close() {
        binding.close();
        tensors.forEach(BoundTensor::close);
        arena.close();
    }
}
