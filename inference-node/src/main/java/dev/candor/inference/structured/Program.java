package dev.candor.inference.structured;

/**
 * A pushdown automaton over bytes, not yet deterministic. A node of kind
 * <ul>
 *   <li>{@link #BYTES} goes on by a byte: operands are triples of first byte, last byte, target;
 *   <li>{@link #SPECIAL} goes on by a special token: token id, target;
 *   <li>{@link #SPLIT} goes on at any of its operands, without a byte; with none it is a dead end;
 *   <li>{@link #CALL} runs a rule and goes on behind it: rule, target;
 *   <li>{@link #LOOP} runs a rule {@code min} (at least 1) to {@code max} times: rule, min, max ({@link Integer#MAX_VALUE} for no limit), target;
 *   <li>{@link #END} is the end of a rule.
 * </ul>
 *
 * @param kinds    by node
 * @param operands by node
 * @param starts   by rule: its first node; rule 0 is the whole
 * @param text     by node: whether any characters that JSON strings need not escape lead back to it ({@link #COVERS}), or run a loop of
 *     one character each ({@link #UNIT}); or that it opens an object ({@link #OPENS})
 * @param keyRoom  by node: how many names a key may still become here, {@link Integer#MAX_VALUE} for very many; 0 outside of keys that
 *     must not come twice in their object
 */
record Program(byte[] kinds, int[][] operands, int[] starts, byte[] text, int[] keyRoom) {
    static final byte BYTES = 0;
    static final byte SPECIAL = 1;
    static final byte SPLIT = 2;
    static final byte CALL = 3;
    static final byte LOOP = 4;
    static final byte END = 5;

    static final byte COVERS = 1;
    static final byte UNIT = 2;
    static final byte OPENS = 3;

    int nodes() {
        return kinds.length;
    }
}
