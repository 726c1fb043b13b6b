package dev.candor.inference.engine.ort;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.candor.hub.onnx.ElementType;
import dev.candor.hub.onnx.ExternalFiles;
import dev.candor.hub.onnx.GraphValue;
import dev.candor.hub.onnx.Initializer;
import dev.candor.hub.onnx.ModelGraph;
import dev.candor.hub.onnx.OnnxModel;
import dev.candor.inference.engine.EngineInfo;
import dev.candor.inference.engine.ModelException;
import dev.candor.inference.engine.tensor.Datatype;
import dev.candor.inference.engine.tensor.TensorSignature;
import dev.candor.inference.engine.tensor.TensorSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Makes a runner of any graph of tensors, or says what about it cannot be served. */
final class TensorLoader {
    private static final Set<ElementType> UNSERVED = EnumSet.complementOf(EnumSet.of(
            ElementType.BOOL, ElementType.UINT8, ElementType.INT8, ElementType.UINT16, ElementType.INT16, ElementType.UINT32, ElementType.INT32,
            ElementType.UINT64, ElementType.INT64, ElementType.FLOAT16, ElementType.BFLOAT16, ElementType.FLOAT, ElementType.DOUBLE, ElementType.STRING));

    private final OrtRuntime runtime;
    private final String form;
    private final GraphSession sessions;

    TensorLoader(OrtRuntime runtime, String form, int threads) {
        this.runtime = runtime;
        this.form = form;
        this.sessions = new GraphSession(runtime, threads, true);
    }

    OrtTensorRunner load(Path graph) throws ModelException {
        OnnxModel model = read(graph);
        Optional<OnnxModel> rewritten = UnsignedInputs.rewrite(model);
        OrtSession session = rewritten.isPresent() ? sessions.open(rewritten.get(), graph) : sessions.open(graph);
        try {
            Set<String> signed = new HashSet<>();
            Set<String> unranked = unranked(rewritten.orElse(model).graph());
            List<TensorSpec> inputs = inputs(specs("input", session.getInputInfo(), unranked), signed);
            TensorSignature signature = new TensorSignature(inputs, specs("output", session.getOutputInfo(), unranked));
            String determinism = String.join("/", "ort-" + runtime.version(), InstructionSet.detect(), form, "tensor");
            EngineInfo info = new EngineInfo(runtime.version(), "cpu", form, determinism, 0, 1);
            return new OrtTensorRunner(runtime.environment(), session, signature, signed, info);
        } catch (OrtException e) {
            DecoderSession.closeSession(session);
            throw new ModelException("cannot load the model " + graph.getFileName() + ": " + e.getMessage(), e);
        } catch (ModelException | RuntimeException e) {
            DecoderSession.closeSession(session);
            throw e;
        }
    }

    private static OnnxModel read(Path graph) throws ModelException {
        try {
            OnnxModel model = OnnxModel.read(graph);
            ExternalFiles.check(model, graph.toAbsolutePath().getParent());
            requireServable("input", model.graph().inputs(), model.graph());
            requireServable("output", model.graph().outputs(), model.graph());
            return model;
        } catch (IOException e) {
            throw new ModelException("cannot read the model " + graph.getFileName() + ": " + e.getMessage(), e);
        }
    }

    private static void requireServable(String kind, List<GraphValue> values, ModelGraph graph) throws ModelException {
        Set<String> constants = graph.initializers().stream().map(Initializer::name).collect(Collectors.toSet());
        for (GraphValue value : values) {
            switch (value.type()) {
                case GraphValue.Tensor tensor when UNSERVED.contains(tensor.element()) && !constants.contains(value.name()) ->
                    throw unservable(kind, value.name(), "has element type " + tensor.element() + ", for which the inference protocol has no datatype");
                case GraphValue.Other other when !other.kind().equals("untyped") ->
                    throw unservable(kind, value.name(), "is of type " + other.kind() + ", and only tensors can be served");
                default -> {}
            }
        }
    }

    private static ModelException unservable(String kind, String name, String why) {
        return new ModelException("the model's " + kind + " '" + name + "' " + why);
    }

    /** ONNX Runtime gives these the shape of a scalar. */
    private static Set<String> unranked(ModelGraph graph) {
        return Stream.concat(graph.inputs().stream(), graph.outputs().stream())
                .filter(value -> value.type() instanceof GraphValue.Tensor tensor && tensor.shape().isEmpty())
                .map(GraphValue::name)
                .collect(Collectors.toSet());
    }

    private static List<TensorSpec> inputs(List<TensorSpec> read, Set<String> signed) {
        List<TensorSpec> inputs = new ArrayList<>();
        for (TensorSpec spec : read) {
            if (spec.name().startsWith(UnsignedInputs.SIGNED)) {
                String name = spec.name().substring(UnsignedInputs.SIGNED.length());
                signed.add(name);
                inputs.add(new TensorSpec(name, unsigned(spec.datatype()), spec.shape()));
            } else {
                inputs.add(spec);
            }
        }
        return inputs;
    }

    private static Datatype unsigned(Datatype signed) {
        return switch (signed) {
            case INT16 -> Datatype.UINT16;
            case INT32 -> Datatype.UINT32;
            default -> Datatype.UINT64;
        };
    }

    private static List<TensorSpec> specs(String kind, Map<String, NodeInfo> infos, Set<String> unranked) throws ModelException {
        List<TensorSpec> specs = new ArrayList<>();
        for (NodeInfo info : infos.values()) {
            if (!(info.getInfo() instanceof TensorInfo tensor)) {
                throw unservable(kind, info.getName(), "is no tensor (" + info.getInfo() + "), and only tensors can be served");
            }
            Datatype datatype = TensorTypes.datatype(tensor.onnxType).orElseThrow(() -> unservable(
                    kind, info.getName(), "has element type " + tensor.onnxType + ", for which the inference protocol has no datatype"));
            specs.add(new TensorSpec(info.getName(), datatype,
                    unranked.contains(info.getName()) ? Optional.empty() : Optional.of(Arrays.stream(tensor.getShape()).boxed().toList())));
        }
        return specs;
    }
}
