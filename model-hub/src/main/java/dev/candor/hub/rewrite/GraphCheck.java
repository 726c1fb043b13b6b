package dev.candor.hub.rewrite;

import dev.candor.hub.manifest.EncoderConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Says whether a rewritten graph computes what the original does. */
@FunctionalInterface
public interface GraphCheck {
    /** The most by which an output may differ. */
    double TOLERANCE = 1e-5;

    /**
     * Runs both graphs on inputs of different lengths, alone and filled up beside longer ones, with one segment and two.
     *
     * @param config what both take and give
     * @return why the rewritten graph is not to be used; empty if every output is within {@link #TOLERANCE}
     * @throws IOException if the original graph cannot be run
     */
    Optional<String> difference(Path original, Path rewritten, EncoderConfig config) throws IOException;

    /** For where no graph can be run: no rewrite is kept. */
    static GraphCheck none() {
        return (original, rewritten, config) -> Optional.of("no runtime to check it with");
    }
}
