package dev.candor.bench.peers;

/** Names of what is measured, as keys and for people. */
final class Measures {
    static final String PREFILL = "prefill tok/s";
    static final String FIRST = "TTFT ms";
    static final String QUIET = "gap p99 ms";
    static final String BUSY = "gap p99 ms beside a 4k prompt";
    static final String RESIDENT = "resident MiB";
    static final String WEIGHTS_AND_KV = "weights and KV MiB";
    /** Milliseconds that a token (or a vector) takes longer through the server than in a bare run of the model. */
    static final String OVERHEAD = "overhead ms";

    private Measures() {}

    /** Tokens a second. */
    static String decode(int streams) {
        return "decode tok/s B" + streams;
    }
}
