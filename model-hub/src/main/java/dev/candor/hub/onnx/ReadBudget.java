package dev.candor.hub.onnx;

/** What one model may hold at most, so that a small file cannot take much memory or a deep stack. */
final class ReadBudget {
    static final int MAX_NODES = 500_000;
    static final int MAX_TENSORS = 500_000;
    static final int MAX_VALUES = 500_000;
    static final int MAX_NAMES = 4_000_000;
    static final int MAX_NESTING = 16;
    static final int MAX_RANK = 64;
    static final int MAX_NAME_BYTES = 4_096;
    static final int MAX_TEXT_BYTES = 16 << 20;
    /** Elements outside raw data, which take up to ten times their encoded bytes. */
    static final int MAX_LOOSE_ELEMENTS = 16 << 20;

    private int nodes;
    private int tensors;
    private int values;
    private int names;
    private int loose;
    private int nesting;

    void node() throws OnnxException {
        nodes = spend(nodes, 1, MAX_NODES, "nodes");
    }

    void tensor() throws OnnxException {
        tensors = spend(tensors, 1, MAX_TENSORS, "tensors");
    }

    void value() throws OnnxException {
        values = spend(values, 1, MAX_VALUES, "described values");
    }

    void name() throws OnnxException {
        names = spend(names, 1, MAX_NAMES, "names");
    }

    void loose(int elements) throws OnnxException {
        loose = spend(loose, elements, MAX_LOOSE_ELEMENTS, "elements outside raw data");
    }

    void enter() throws OnnxException {
        nesting = spend(nesting, 1, MAX_NESTING, "graphs within one another");
    }

    void leave() {
        nesting--;
    }

    private static int spend(int used, int more, int max, String what) throws OnnxException {
        if (more > max - used) {
            throw new OnnxException("the model has more than " + max + " " + what + ", which is as many as are read");
        }
        return used + more;
    }
}
