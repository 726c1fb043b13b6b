package dev.candor.hub.manifest;

import java.util.List;

/** A graph that is served on bare tensors; everything else is read off the graph. */
public record TensorConfig(String graph, String form) implements ServingConfig {
    @Override
    public List<String> files() {
        return List.of(graph);
    }
}
