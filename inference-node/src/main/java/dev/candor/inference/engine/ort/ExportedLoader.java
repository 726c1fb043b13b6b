package dev.candor.inference.engine.ort;

import ai.onnxruntime.OrtSession;
import dev.candor.hub.manifest.ModelConfig;
import dev.candor.hub.onnx.ExternalFiles;
import dev.candor.hub.onnx.OnnxModel;
import dev.candor.inference.engine.EngineInfo;
import dev.candor.inference.engine.ModelException;
import dev.candor.inference.engine.memory.NativeMemory;
import java.io.IOException;
import java.nio.file.Path;

/** Makes a runner out of an exported decoder's folder, or frees all it took. */
final class ExportedLoader {
    /** Bytes that the logits of one run may take: exported graphs give those of every token. */
    private static final long MAX_LOGITS = 256L << 20;

    private final OrtRuntime runtime;
    private final ModelConfig model;
    private final OrtOptions options;

    ExportedLoader(OrtRuntime runtime, ModelConfig model, OrtOptions options) {
        this.runtime = runtime;
        this.model = model;
        this.options = options;
    }

    ExportedModelRunner load(Path folder) throws ModelException {
        Path file = folder.resolve(model.graph());
        ExportedLayout layout = layout(file);
        OrtSession session = new GraphSession(runtime, options.threads(), options.spin()).open(file);
        NativeMemory memory = new NativeMemory();
        ExportedModelRunner runner = null;
        try {
            runner = build(session, layout, memory);
            runner.able(new ExportedProbe(runner).probe());
            return runner;
        } catch (OutOfMemoryError e) {
            release(runner, session, memory);
            throw new ModelException("no memory for the KV cache of " + options.slots() + " slots: use fewer, or a shorter context", e);
        } catch (ModelException | RuntimeException e) {
            release(runner, session, memory);
            throw e;
        }
    }

    private ExportedLayout layout(Path file) throws ModelException {
        try {
            OnnxModel graph = OnnxModel.read(file);
            ExternalFiles.check(graph, file.toAbsolutePath().getParent());
            return ExportedLayout.read(graph, model);
        } catch (IOException e) {
            throw new ModelException("cannot read the model " + file.getFileName() + ": " + e.getMessage(), e);
        }
    }

    private ExportedModelRunner build(OrtSession session, ExportedLayout layout, NativeMemory memory) {
        int length = options.contextLength() == 0 ? model.contextLength() : Math.min(options.contextLength(), model.contextLength());
        int maxRun = (int) Math.clamp(MAX_LOGITS / ((long) model.vocabSize() * Float.BYTES), 1, Math.min(OrtModelRunner.MAX_CHUNK, length));
        int tokens = Math.max(maxRun, options.slots());
        ExportedKv kv = new ExportedKv(layout, memory, options.slots() + options.stagingSlots(), options.slots(), length);
        ExportedGraph graph =
                new ExportedGraph(runtime.environment(), session, layout, kv, memory, model.vocabSize(), tokens, options.slots(), length);
        String determinism = String.join("/", "ort-" + runtime.version(), InstructionSet.detect(), model.form(), "exported");
        EngineInfo info = new EngineInfo(runtime.version(), "cpu", model.form(), determinism, length, options.slots());
        return new ExportedModelRunner(graph, kv, memory, info, options.stagingSlots(), model.vocabSize(), maxRun);
    }

    private static void release(ExportedModelRunner runner, OrtSession session, NativeMemory memory) {
        if (runner != null) {
            runner.close();
            return;
        }
        DecoderSession.closeSession(session);
        memory.close();
    }
}
