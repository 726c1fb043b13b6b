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
 * @param text     by node: how many characters, of those that JSON strings need not escape, may follow whatever they are;
 *     {@link Integer#MAX_VALUE} for no limit, {@link #UNIT} for the start of a rule of one character that a loop runs
 * @param peers    by node with such text: nodes that it may lead to, as a number that they share
 * @param opens    by node: whether it opens an object
 * @param keyRoom  by node: how many names a key may still become here, {@link Integer#MAX_VALUE} for very many; 0 outside of keys that
 *     must not come twice in their object
 */
record Program(byte[] kinds, int[][] operands, int[] starts, int[] text, int[] peers, boolean[] opens, int[] keyRoom) {
    static final byte BYTES = 0;
    static final byte SPECIAL = 1;
    static final byte SPLIT = 2;
    static final byte CALL = 3;
    static final byte LOOP = 4;
    static final byte END = 5;

    static final int UNIT = -1;

    int nodes() {
        return kinds.length;
    }
}
