package dev.candor.hub.store;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Keeps what it hears, and objects to progress that runs backwards or past its total. */
final class RecordingProgress implements ProgressListener {
    final List<Step> steps = Collections.synchronizedList(new ArrayList<>());
    final List<String> notices = Collections.synchronizedList(new ArrayList<>());
    final Map<Step, Long> last = new EnumMap<>(Step.class);

    @Override
    public synchronized void progress(Step step, String what, long done, long total) {
        if (done < 0 || done > total) {
            throw new AssertionError(step + " reports " + done + " of " + total);
        }
        if (steps.isEmpty() || steps.getLast() != step) {
            steps.add(step);
        }
        last.put(step, total - done);
    }

    @Override
    public void notice(String line) {
        notices.add(line);
    }
}
