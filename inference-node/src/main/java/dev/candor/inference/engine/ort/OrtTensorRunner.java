package dev.candor.inference.engine.ort;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import dev.candor.inference.engine.EngineInfo;
import dev.candor.inference.engine.ModelException;
import dev.candor.inference.engine.tensor.Datatype;
import dev.candor.inference.engine.tensor.RunControl;
import dev.candor.inference.engine.tensor.Tensor;
import dev.candor.inference.engine.tensor.TensorRunner;
import dev.candor.inference.engine.tensor.TensorSignature;
import dev.candor.inference.engine.tensor.TensorTexts;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Any graph of tensors in one ONNX Runtime session on the CPU. */
public final class OrtTensorRunner implements TensorRunner {
    private static final long ALIGNMENT = 64;

    private final OrtEnvironment environment;
    private final OrtSession session;
    private final TensorSignature signature;
    private final Set<String> signedInputs;
    private final EngineInfo info;

    OrtTensorRunner(OrtEnvironment environment, OrtSession session, TensorSignature signature, Set<String> signedInputs, EngineInfo info) {
        this.environment = environment;
        this.session = session;
        this.signature = signature;
        this.signedInputs = signedInputs;
        this.info = info;
    }

    /**
     * Loads a graph.
     *
     * @param form what receipts call its precision
     * @throws ModelException naming the input, operator or opset for which it cannot be served
     */
    public static OrtTensorRunner open(OrtRuntime runtime, Path graph, String form, int threads) throws ModelException {
        return new TensorLoader(runtime, form, threads).load(graph);
    }

    @Override
    public TensorSignature signature() {
        return signature;
    }

    @Override
    public EngineInfo info() {
        return info;
    }

    @Override
    public List<Tensor> run(List<Tensor> inputs, List<String> outputs, long maxOutput, RunControl control) throws ModelException {
        Map<String, OnnxTensor> feeds = new LinkedHashMap<>();
        try (Arena arena = Arena.ofConfined(); OrtSession.RunOptions options = new OrtSession.RunOptions()) {
            try {
                for (Tensor input : inputs) {
                    feeds.put(signedInputs.contains(input.name()) ? UnsignedInputs.SIGNED + input.name() : input.name(), feed(input, arena));
                }
                // What a request does wrong is told to its client, not written to the node's own output.
                options.setLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
                control.attach(() -> terminate(options));
                try (OrtSession.Result result = session.run(feeds, new LinkedHashSet<>(outputs), options)) {
                    return read(result, outputs, maxOutput);
                }
            } finally {
                control.detach();
                feeds.values().forEach(OnnxTensor::close);
            }
        } catch (OrtException e) {
            throw new ModelException("the model's run failed: " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new ModelException(e.getMessage(), e);
        }
    }

    private static void terminate(OrtSession.RunOptions options) {
        try {
            options.setTerminate(true);
        } catch (OrtException e) {
            throw new IllegalStateException("a run could not be stopped", e);
        }
    }

    private OnnxTensor feed(Tensor tensor, Arena arena) throws OrtException {
        long[] shape = tensor.shape().stream().mapToLong(Long::longValue).toArray();
        if (tensor.datatype() == Datatype.BYTES) {
            return OnnxTensor.createTensor(environment, TensorTexts.utf8(tensor).toArray(String[]::new), shape);
        }
        // A tensor without elements needs an address all the same.
        MemorySegment copy = arena.allocate(Math.max(1, tensor.data().byteSize()), ALIGNMENT).asSlice(0, tensor.data().byteSize());
        copy.copyFrom(tensor.data());
        return OnnxTensor.createTensor(environment, copy.asByteBuffer().order(ByteOrder.nativeOrder()), shape, TensorTypes.javaType(tensor.datatype()));
    }

    private List<Tensor> read(OrtSession.Result result, List<String> outputs, long maxOutput) throws OrtException, ModelException {
        List<Tensor> tensors = new ArrayList<>();
        long left = maxOutput;
        for (String name : outputs) {
            Tensor tensor = read(name, result.get(name).orElseThrow(() -> new ModelException("the model gave no output '" + name + "'")), left);
            left -= tensor.data().byteSize();
            tensors.add(tensor);
        }
        return tensors;
    }

    private Tensor read(String name, OnnxValue value, long room) throws OrtException, ModelException {
        if (!(value instanceof OnnxTensor tensor)) {
            throw new ModelException("the model's output '" + name + "' is no tensor in this run");
        }
        Datatype datatype = TensorTypes.datatype(tensor.getInfo().onnxType)
                .orElseThrow(() -> new ModelException("the model's output '" + name + "' has type " + tensor.getInfo().onnxType));
        List<Long> shape = Arrays.stream(tensor.getInfo().getShape()).boxed().toList();
        long elements = Tensor.elements(shape);
        if (elements > room / Math.max(1, datatype.width())) {
            throw new ModelException("the model's outputs are larger than may be given: '" + name + "' has " + elements + " elements of "
                    + datatype + ", room is left for " + room + " bytes; ask for fewer outputs or a smaller shape");
        }
        if (elements == 0) {
            return new Tensor(name, datatype, shape, MemorySegment.ofArray(new byte[0]));
        }
        if (datatype == Datatype.BYTES) {
            return new Tensor(name, datatype, shape, texts(name, tensor, room));
        }
        return new Tensor(name, datatype, shape, MemorySegment.ofBuffer(tensor.getByteBuffer()));
    }

    private static MemorySegment texts(String name, OnnxTensor tensor, long room) throws OrtException, ModelException {
        List<byte[]> texts = new ArrayList<>();
        long left = room;
        Object value = tensor.getValue();
        for (String text : value instanceof String one ? List.of(one) : flat(value, new ArrayList<>())) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            left -= utf8.length + Integer.BYTES;
            if (left < 0) {
                throw new ModelException("the model's outputs are larger than may be given: '" + name + "' has more than " + room + " bytes of strings");
            }
            texts.add(utf8);
        }
        return TensorTexts.join(texts);
    }

    /** Strings come in arrays within arrays, one for each dimension. */
    private static List<String> flat(Object value, List<String> into) {
        if (value instanceof Object[] many) {
            for (Object each : many) {
                flat(each, into);
            }
        } else {
            into.add((String) value);
        }
        return into;
    }

    @Override
    public void close() {
        DecoderSession.closeSession(session);
    }
}
