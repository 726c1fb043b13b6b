package dev.candor.bench;

import dev.candor.hub.manifest.VerifiedModel;
import dev.candor.hub.onnx.Attribute;
import dev.candor.hub.onnx.GraphNode;
import dev.candor.hub.onnx.ModelGraph;
import dev.candor.hub.onnx.OnnxModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The same weights in a graph whose steps are not those of a prefill: attention by GroupQueryAttention alone, with all that makes it fast. What exact
 * steps are measured against.
 */
record PlainGraph(Path folder, boolean temporary) implements AutoCloseable {
    private static final String EXACT_STEP = "exact_step";
    private static final String GROUPED = "GroupQueryAttention";
    /** The operator's inputs up to the rotary tables. */
    private static final int ROTARY_END = 9;

    /**
     * The graph in {@code given}, or one made of the model's own.
     *
     * @param given a folder, or empty
     */
    static PlainGraph of(VerifiedModel model, String given) throws IOException {
        if (!given.isEmpty()) {
            return new PlainGraph(Path.of(given), false);
        }
        Path folder = Files.createTempDirectory(model.folder().toAbsolutePath().getParent(), "plain");
        PlainGraph plain = new PlainGraph(folder, true);
        try (Stream<Path> files = Files.list(model.folder())) {
            for (Path file : files.filter(each -> !each.equals(model.graph())).toList()) {
                Files.createLink(folder.resolve(file.getFileName()), file);
            }
            rewrite(OnnxModel.read(model.graph())).write(folder.resolve(model.graph().getFileName()));
            return plain;
        } catch (IOException | RuntimeException e) {
            plain.close();
            throw e;
        }
    }

    private static OnnxModel rewrite(OnnxModel model) {
        ModelGraph graph = model.graph();
        List<GraphNode> nodes = new ArrayList<>();
        for (GraphNode node : graph.nodes()) {
            if (!node.operator().equals("If")) {
                nodes.add(node);
            } else {
                grouped(node).ifPresent(inner -> nodes.add(new GraphNode(
                        node.name(), inner.domain(), GROUPED, inner.inputs().subList(0, Math.min(ROTARY_END, inner.inputs().size())), node.outputs(),
                        inner.attributes(), inner.rest())));
            }
        }
        ModelGraph plain = new ModelGraph(
                graph.name(), nodes, graph.initializers(), graph.inputs().stream().filter(input -> !input.name().equals(EXACT_STEP)).toList(),
                graph.outputs(), graph.values(), graph.rest());
        return new OnnxModel(
                model.irVersion(), model.producer(), model.producerVersion(), model.opsets(), plain, model.metadata(), model.functions(), model.rest());
    }

    /** The branch of a choice that attends by the operator; the choice of a mask has none. */
    private static Optional<GraphNode> grouped(GraphNode choice) {
        return choice.attributes().stream()
                .filter(attribute -> attribute instanceof Attribute.Subgraph)
                .flatMap(attribute -> ((Attribute.Subgraph) attribute).value().nodes().stream())
                .filter(node -> node.operator().equals(GROUPED))
                .findFirst();
    }

    @Override
    public void close() throws IOException {
        if (temporary) {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(folder);
        }
    }
}
