package dev.candor.inference.engine.ort.device;

import dev.candor.inference.engine.ort.OrtOptions;

/**
 * How a model is run on a device.
 *
 * @param graphs whether decodes of the usual batch sizes are recorded and repeated as a whole, which saves launching every operator apart
 */
public record DeviceOptions(OrtOptions ort, boolean graphs) {
    private static final int EVERY_SIZE_TO = 8;

    /** Whether decodes of a batch size are recorded: each size to 8, then every eighth, so that recordings stay few. */
    boolean records(int batch) {
        return graphs && (batch <= EVERY_SIZE_TO || batch % EVERY_SIZE_TO == 0);
    }
}
