package dev.candor.inference.text.jinja;

/**
 * Bounds of one template and of one rendering. They are counts and not times, so that a rendering gives the same result on
 * every machine.
 *
 * @param templateChars  UTF-16 units of template source
 * @param outputChars    UTF-16 units of the rendered prompt
 * @param allocatedChars UTF-16 units of all intermediate strings together; a list or dict entry counts as 8
 * @param steps          evaluated nodes, loop turns, visited values, and 64-character pieces of scanned text
 * @param depth          nested evaluations (macro calls included) and nesting of values
 * @param parseDepth     nested expressions and tags in the source
 * @param rangeItems     length of a {@code range}
 * @param integerBits    size of an integer
 */
public record JinjaLimits(int templateChars, long outputChars, long allocatedChars, long steps, int depth, int parseDepth,
                          int rangeItems, int integerBits) {
    public static final JinjaLimits DEFAULT = new JinjaLimits(1 << 19, 1L << 23, 1L << 25, 5_000_000, 400, 80, 100_000, 4096);

    public JinjaLimits {
        if (templateChars < 1 || outputChars < 1 || allocatedChars < 1 || steps < 1 || depth < 1 || parseDepth < 1
                || rangeItems < 1 || integerBits < 64) {
            throw new IllegalArgumentException("every template limit must be positive, and integerBits at least 64");
        }
    }
}
