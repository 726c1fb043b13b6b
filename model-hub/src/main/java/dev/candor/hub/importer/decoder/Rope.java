package dev.candor.hub.importer.decoder;

/**
 * A rotary embedding: dimension pair i of the first {@code dimensions} of a head, which lie half of them apart, turns by
 * {@code position / base^(2i/dimensions)}, changed by {@code scaling}.
 *
 * @param dimensions even; the rest of the head is not turned
 */
public record Rope(double base, int dimensions, RopeScaling scaling) {
    public static Rope plain(double base, int dimensions) {
        return new Rope(base, dimensions, new RopeScaling.None());
    }
}
