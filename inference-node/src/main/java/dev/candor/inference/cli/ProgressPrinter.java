package dev.candor.inference.cli;

import dev.candor.hub.store.ProgressListener;
import dev.candor.inference.node.StartListener;
import java.io.PrintStream;
import java.util.Locale;

/** Shows how the start goes on: a bar in a terminal, a line for each step elsewhere. */
final class ProgressPrinter implements StartListener, ProgressListener {
    private static final int BAR = 30;
    private static final long MEGABYTE = 1_000_000;
    private static final long REDRAW_NANOS = 100_000_000;

    private final PrintStream out;
    private final boolean terminal;
    private String current = "";
    private boolean barOpen;
    private long drawn;

    ProgressPrinter(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    @Override
    public ProgressListener model() {
        return this;
    }

    @Override
    public void progress(Step step, String what, long done, long total) {
        String word = switch (step) {
            case FETCH -> "fetching ";
            case CHECK -> "checking ";
            case CONVERT -> "converting ";
        };
        show(word + what, done, total);
    }

    @Override
    public synchronized void notice(String line) {
        endBar();
        out.println(line);
    }

    @Override
    public void chain(String what, long done, long total) {
        show(what, done, total);
    }

    private synchronized void show(String what, long done, long total) {
        if (!what.equals(current)) {
            endBar();
            current = what;
            if (!terminal) {
                out.println(what + size(total));
            }
        }
        boolean over = done >= total;
        long now = System.nanoTime();
        if (!terminal || !over && now - drawn < REDRAW_NANOS) {
            return;
        }
        drawn = now;
        int filled = total <= 0 ? 0 : (int) Math.min(BAR, done * BAR / total);
        out.print("\r" + what + " [" + "#".repeat(filled) + " ".repeat(BAR - filled) + "] "
                + (total <= 0 ? "" : Math.min(100, done * 100 / total) + "%") + size(total) + "\u001b[K");
        barOpen = true;
        if (over) {
            endBar();
        }
        out.flush();
    }

    private void endBar() {
        if (barOpen) {
            out.println();
            barOpen = false;
        }
    }

    private static String size(long total) {
        return total < MEGABYTE ? "" : String.format(Locale.ROOT, " (%d MB)", total / MEGABYTE);
    }
}
