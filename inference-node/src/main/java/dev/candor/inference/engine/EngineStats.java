package dev.candor.inference.engine;

/**
 * The engine's load, and what it has done since its start.
 *
 * @param tokensPerSecond tokens generated in the last ten seconds, divided by ten
 * @param preemptions     sequences that had to make room for others and were resumed later
 */
public record EngineStats(
        int running,
        int waiting,
        long promptTokens,
        long generatedTokens,
        double tokensPerSecond,
        long preemptions,
        Kv kv,
        Prefixes prefixes,
        Drafts drafts) {

    /**
     * Memory of keys and values, in bytes.
     *
     * @param limit never exceeded
     * @param live  what sequences at work need
     * @param used  what exists: of sequences at work, of the prefix cache, and not yet given back
     */
    public record Kv(long limit, long live, long used) {
        /** The share of the limit that sequences at work need, 0 to 1. */
        public double usage() {
            return limit == 0 ? 0 : (double) live / limit;
        }
    }

    /**
     * The prefix cache.
     *
     * @param queried tokens of prompts that were looked for
     * @param hits    tokens of them that were there
     * @param bytes   kept now
     */
    public record Prefixes(long queried, long hits, long bytes) {}

    /**
     * Guessing ahead.
     *
     * @param drafts   sequences' steps with guesses
     * @param tokens   tokens guessed
     * @param accepted tokens guessed rightly
     */
    public record Drafts(long drafts, long tokens, long accepted) {}

    /** Of an engine that does not cache, guess or preempt. */
    public EngineStats(int running, int waiting, long promptTokens, long generatedTokens, double tokensPerSecond) {
        this(running, waiting, promptTokens, generatedTokens, tokensPerSecond, 0, new Kv(0, 0, 0), new Prefixes(0, 0, 0), new Drafts(0, 0, 0));
    }
}
