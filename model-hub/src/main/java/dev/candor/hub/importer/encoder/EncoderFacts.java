package dev.candor.hub.importer.encoder;

import dev.candor.hub.importer.source.ImportException;
import dev.candor.hub.manifest.EncoderTask;
import dev.candor.hub.manifest.Pooling;
import dev.candor.hub.onnx.GraphNode;
import dev.candor.hub.onnx.GraphValue;
import dev.candor.hub.onnx.Initializer;
import dev.candor.hub.onnx.ModelGraph;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads off a graph what serving it needs to know, and says what in it does not fit. */
record EncoderFacts(ModelGraph graph, EncoderRecipe recipe) {
    private static final String IDS = "input_ids";
    private static final long MAX_WIDTH = 1 << 20;
    private static final Set<String> INPUTS = Set.of(IDS, "attention_mask", "token_type_ids");

    /** An output and its last dimension. */
    record Output(String name, int width) {}

    /** @throws ImportException if the graph has an input that an encoder is not given */
    void requireInputs() throws ImportException {
        Set<String> constants = graph.initializers().stream().map(Initializer::name).collect(Collectors.toSet());
        List<String> inputs = graph.inputs().stream().map(GraphValue::name).filter(name -> !constants.contains(name)).toList();
        for (String input : inputs) {
            if (!INPUTS.contains(input)) {
                throw new ImportException("the graph's input " + input + " is not one of an encoder's, which are " + IDS
                        + ", attention_mask and token_type_ids: serve it on bare tensors instead");
            }
        }
        if (!inputs.contains(IDS)) {
            throw new ImportException("the graph has no input " + IDS);
        }
    }

    /** The output that the recipe names, or else the first whose shape fits the task. */
    Output output() throws ImportException {
        for (GraphValue value : graph.outputs()) {
            Optional<Integer> width = recipe.output().map(value.name()::equals).orElse(true) ? width(value) : Optional.empty();
            if (width.isPresent()) {
                return new Output(value.name(), width.get());
            }
        }
        throw new ImportException("the graph has no " + recipe.output().map(name -> "output " + name + " of").orElse("output of") + " float ["
                + (tokenwise() ? "batch, tokens" : "batch") + ", width], which the task " + recipe.task().word() + " needs; it has "
                + graph.outputs().stream().map(value -> value.name() + " " + shape(value)).collect(Collectors.joining(", ")));
    }

    private boolean tokenwise() {
        return recipe.task() == EncoderTask.TOKEN_CLASSIFICATION || recipe.task() == EncoderTask.EMBEDDING && recipe.pooling() != Pooling.NONE;
    }

    /** Of a shape that fits; where its last dimension is free, the number of labels tells it. */
    private Optional<Integer> width(GraphValue value) {
        Optional<List<GraphValue.Dimension>> shape = shape(value).filter(dimensions -> dimensions.size() == (tokenwise() ? 3 : 2));
        if (shape.isEmpty()) {
            return Optional.empty();
        }
        GraphValue.Dimension last = shape.get().getLast();
        if (last.free()) {
            return Optional.of(recipe.labels().size()).filter(size -> size > 0);
        }
        return Optional.of(last.size()).filter(size -> size > 0 && size <= MAX_WIDTH).map(Long::intValue);
    }

    private static Optional<List<GraphValue.Dimension>> shape(GraphValue value) {
        return value.type() instanceof GraphValue.Tensor tensor ? tensor.shape() : Optional.empty();
    }

    /** Rows of the table that token ids look up. */
    int vocabulary() throws ImportException {
        if (recipe.vocabSize().isPresent()) {
            return recipe.vocabSize().get();
        }
        for (GraphNode node : graph.nodes()) {
            if (node.is("Gather") && node.inputs().get(1).equals(IDS)) {
                Optional<Initializer> table =
                        graph.initializers().stream().filter(tensor -> tensor.name().equals(node.inputs().getFirst())).findFirst();
                if (table.isPresent() && table.get().dimensions().size() == 2) {
                    return Math.toIntExact(table.get().dimensions().getFirst());
                }
            }
        }
        throw new ImportException("the size of the vocabulary can be read neither off the graph nor off the model's config.json");
    }
}
