package dev.candor.inference.engine.schedule;

/** What the engine has done since its start. Only its thread adds; any may read. */
final class Counters {
    private final RateMeter rate = new RateMeter(System::nanoTime);
    private volatile long promptTokens;
    private volatile long generatedTokens;
    private volatile long prefixQueries;
    private volatile long prefixHits;
    private volatile long preemptions;
    private volatile long drafts;
    private volatile long draftTokens;
    private volatile long acceptedTokens;

    void prefilled(int tokens) {
        promptTokens += tokens;
    }

    void generated(int tokens) {
        generatedTokens += tokens;
        rate.add(tokens);
    }

    /** A prompt was looked for in the prefix cache, in tokens. */
    void looked(int queried) {
        prefixQueries += queried;
    }

    void hit(int tokens) {
        prefixHits += tokens;
    }

    void preempted() {
        preemptions++;
    }

    void drafted(int tokens, int accepted) {
        drafts++;
        draftTokens += tokens;
        acceptedTokens += accepted;
    }

    long promptTokens() {
        return promptTokens;
    }

    long generatedTokens() {
        return generatedTokens;
    }

    double tokensPerSecond() {
        return rate.perSecond();
    }

    long prefixQueries() {
        return prefixQueries;
    }

    long prefixHits() {
        return prefixHits;
    }

    long preemptions() {
        return preemptions;
    }

    long drafts() {
        return drafts;
    }

    long draftTokens() {
        return draftTokens;
    }

    long acceptedTokens() {
        return acceptedTokens;
    }
}
