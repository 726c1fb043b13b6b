package dev.candor.inference.engine.schedule;

/** Puts what was computed into the engine's totals and on the clients' accounts. */
record Work(Counters counters, WaitingRoom room) {
    void prefilled(Sequence sequence, int tokens) {
        counters.prefilled(tokens);
        room.served(sequence.client(), tokens, 0);
    }

    void generated(Sequence sequence, int tokens) {
        counters.generated(tokens);
        room.served(sequence.client(), 0, tokens);
    }
}
