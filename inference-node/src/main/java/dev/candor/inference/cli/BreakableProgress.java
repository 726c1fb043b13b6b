package dev.candor.inference.cli;

import dev.candor.hub.store.ProgressListener;
import java.io.Closeable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/** Breaks work off at its next sign of progress when Ctrl-C or a stop signal comes, so that it clears away behind it; a second signal ends the process. */
final class BreakableProgress implements ProgressListener, Closeable {
    private static final int INTERRUPTED = 130;

    private final ProgressListener listener;
    private final Map<Signal, SignalHandler> before = new LinkedHashMap<>();
    private volatile boolean stopped;

    BreakableProgress(ProgressListener listener) {
        this.listener = listener;
        for (String name : new String[] {"INT", "TERM", "HUP"}) {
            Signal signal = new Signal(name);
            before.put(signal, Signal.handle(signal, _ -> received()));
        }
    }

    private void received() {
        if (stopped) {
            Runtime.getRuntime().halt(INTERRUPTED);
        }
        stopped = true;
    }

    /** @throws CancellationException if the work is to end */
    @Override
    public void progress(Step step, String what, long done, long total) {
        if (stopped) {
            throw new CancellationException("interrupted; nothing was imported");
        }
        listener.progress(step, what, done, total);
    }

    @Override
    public void notice(String line) {
        listener.notice(line);
    }

    @Override
    public void close() {
        before.forEach(Signal::handle);
    }
}
