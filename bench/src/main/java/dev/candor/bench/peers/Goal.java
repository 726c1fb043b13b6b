package dev.candor.bench.peers;

import java.util.Optional;

/**
 * One of the aims this program has set itself.
 *
 * @param what   the aim
 * @param value  what was measured, with who made it
 * @param met    empty where something that it needs was not measured
 */
record Goal(String what, String value, Optional<Boolean> met) {
    static Goal unknown(String what, String why) {
        return new Goal(what, why, Optional.empty());
    }

    String verdict() {
        return met.map(yes -> yes ? "met" : "MISSED").orElse("not measured");
    }
}
