package dev.candor.attestation.tlog;

import java.util.ArrayList;
import java.util.List;

/** What a check found wrong, in the order found; past a bound they are only counted. */
final class FsckFaults {
    private static final int MAX_LISTED = 100;

    private final List<String> faults = new ArrayList<>();
    private long unlisted;

    void add(String fault) {
        if (faults.size() < MAX_LISTED) {
            faults.add(fault);
        } else {
            unlisted++;
        }
    }

    boolean isEmpty() {
        return faults.isEmpty();
    }

    List<String> list() {
        List<String> all = new ArrayList<>(faults);
        if (unlisted > 0) {
            all.add("and " + unlisted + " more");
        }
        return all;
    }
}
