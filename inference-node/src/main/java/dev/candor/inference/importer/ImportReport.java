package dev.candor.inference.importer;

import dev.candor.hub.quality.QualityReport;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What became of an import.
 *
 * @param format      kind of the source's files
 * @param sourceBytes of its weights
 * @param bytes       of the model's folder in the store
 * @param took        the conversion, measuring left out
 */
public record ImportReport(
        String name, String form, Path folder, String digest, String format, long sourceBytes, long bytes, Duration took, Quality quality) {
    /** How near the form is to 32-bit floats. */
    public sealed interface Quality {
        record Measured(QualityReport report) implements Quality {}

        /** @param reason why it was not measured */
        record Skipped(String reason) implements Quality {}
    }
}
