package dev.candor.settlement.ledger;

import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong, at most a thousand lines of it. */
final class LedgerFaults {
    private static final int MAX = 1_000;
    private final List<String> faults = new ArrayList<>();
    private long more;

    void add(String fault) {
        if (faults.size() < MAX) {
            faults.add(fault);
        } else {
            more++;
        }
    }

    List<String> list() {
        List<String> all = new ArrayList<>(faults);
        if (more > 0) {
            all.add("and " + more + " faults more");
        }
        return all;
    }
}
