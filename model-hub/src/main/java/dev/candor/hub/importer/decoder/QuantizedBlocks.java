package dev.candor.hub.importer.decoder;

import dev.candor.hub.onnx.ExternalData;
import java.util.Optional;

/**
 * A quantised matrix with N rows and K columns in the external data.
 *
 * @param bits   of a weight, 4 or 8
 * @param block  columns that share a scale
 * @param quants one byte (8 bit, value + 128) or half a byte (4 bit, even column in the low half) a weight, row by row
 * @param scales N rows of K/block numbers
 * @param zeros  N rows of 4-bit zero points, two to a byte; 8 everywhere where there are none
 */
record QuantizedBlocks(
        int bits, int block, ExternalData.Region quants, ExternalData.Region scales, Optional<ExternalData.Region> zeros) {}
