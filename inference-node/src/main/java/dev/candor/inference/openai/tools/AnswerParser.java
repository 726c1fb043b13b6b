package dev.candor.inference.openai.tools;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Takes an answer's text apart as it is generated: what the model thought, what it says, the tools it calls. It holds back only what may
 * still be the begin of something else; what looked like a call and is none becomes content again. The pieces do not depend on how the
 * text was cut, but for where each of them is cut. Not thread-safe; never throws, whatever the text.
 */
public final class AnswerParser {
    private enum Mode { REASONING, CONTENT, CALL }

    private final Optional<ReasoningMarkers> reasoning;
    private final ToolFormat format;
    private final boolean toolsOffered;
    private final MarkerWatch markers;
    private final MarkerWatch silent;
    private final MarkerWatch reasoningEnd;
    private final CallSink sink;
    private final Deltas out = new Deltas();
    private final StringBuilder held = new StringBuilder();
    private Mode mode;
    private boolean atStart = true;
    private boolean skipSpace;
    private String spaceBefore = "";
    private CallSection section;
    private int opened;
    private int callsBefore;

    AnswerParser(ToolFormat format, Thinking thinking, ToolRequest tools, CallIds ids) {
        this.format = format;
        this.reasoning = switch (thinking) {
            case Thinking.Over over -> Optional.empty();
            case Thinking.Possible possible -> Optional.of(possible.markers());
            case Thinking.Begun begun -> Optional.of(begun.markers());
        };
        this.toolsOffered = !tools.callable().isEmpty();
        this.reasoningEnd = new MarkerWatch(reasoning.map(ReasoningMarkers::close).map(List::of).orElse(List.of()));
        this.silent = new MarkerWatch(format.silent());
        this.markers = new MarkerWatch(toolsOffered ? all(format) : List.of());
        this.sink = new CallSink(tools, format, ids, out);
        this.mode = thinking instanceof Thinking.Begun ? Mode.REASONING : Mode.CONTENT;
        this.skipSpace = mode == Mode.REASONING;
    }

    private static List<String> all(ToolFormat format) {
        List<String> all = new ArrayList<>(format.openers());
        all.addAll(format.silent());
        return all;
    }

    /** Takes text that can no longer change. @return what is certain now, in order */
    public List<AnswerDelta> append(String text) {
        held.append(text);
        run(false);
        return out.take();
    }

    /** The text is over. @return the rest */
    public List<AnswerDelta> end() {
        run(true);
        return out.take();
    }

    /** Whether a tool was called so far. */
    public boolean calledTools() {
        return sink.calls() > 0;
    }

    /** Whether what comes next is still what the model thinks. */
    public boolean reasoning() {
        return mode == Mode.REASONING;
    }

    private void run(boolean ended) {
        boolean again = true;
        while (again) {
            again = switch (mode) {
                case REASONING -> reason(ended);
                case CONTENT -> content(ended);
                case CALL -> call(ended);
            };
        }
    }

    /** @return whether there is more to do now, as in the following ones */
    private boolean reason(boolean ended) {
        skipSpace();
        Optional<MarkerWatch.Found> found = reasoningEnd.find(held, 0);
        if (found.isPresent()) {
            out.reasoning(cut(spaceBefore(found.get().at())));
            cut(held.indexOf(found.get().marker()) + found.get().marker().length());
            mode = Mode.CONTENT;
            skipSpace = true;
            return true;
        }
        out.reasoning(cut(ended ? held.length() : spaceBefore(reasoningEnd.open(held, 0))));
        return false;
    }

    private boolean content(boolean ended) {
        skipSpace();
        if (atStart && !passStart(ended)) {
            return mode != Mode.CONTENT;
        }
        Optional<MarkerWatch.Found> found = markers.find(held, 0);
        if (found.isEmpty()) {
            out.content(cut(ended ? held.length() : toolsOffered ? spaceBefore(markers.open(held, 0)) : held.length()));
            return false;
        }
        out.content(cut(spaceBefore(found.get().at())));
        String between = cut(held.indexOf(found.get().marker()));
        cut(found.get().marker().length());
        if (silent.markers().contains(found.get().marker())) {
            skipSpace = true;
        } else {
            begin(between, found.get().marker());
        }
        return true;
    }

    /** @return whether ordinary content follows */
    private boolean passStart(boolean ended) {
        int first = 0;
        while (first < held.length() && Character.isWhitespace(held.charAt(first))) {
            first++;
        }
        if (first == held.length()) {
            atStart = !ended;
            return ended;
        }
        String opener = reasoning.map(ReasoningMarkers::open).orElse("");
        String begin = held.substring(first, Math.min(held.length(), first + opener.length()));
        if (!opener.isEmpty() && opener.startsWith(begin) && !(ended && begin.length() < opener.length())) {
            if (begin.equals(opener)) {
                held.delete(0, first + opener.length());
                mode = Mode.REASONING;
                skipSpace = true;
            }
            return false;
        }
        atStart = false;
        if (toolsOffered && format.beginsBare(held.charAt(first))) {
            String space = cut(first);
            begin(space, "");
            return false;
        }
        return true;
    }

    private void begin(String space, String opener) {
        spaceBefore = space;
        section = new CallSection(format, sink, opener);
        callsBefore = sink.calls();
        opened = Math.max(1, opener.length());
        mode = Mode.CALL;
        atStart = false;
    }

    private boolean call(boolean ended) {
        CallSection.Progress progress = section.take(held, ended);
        if (progress == CallSection.Progress.WAITING) {
            return false;
        }
        mode = Mode.CONTENT;
        skipSpace = progress == CallSection.Progress.ENDED;
        if (progress == CallSection.Progress.FAILED) {
            String raw = section.raw();
            int said = Math.min(opened, raw.length());
            out.content((sink.calls() == callsBefore ? spaceBefore : "") + raw.substring(0, said));
            held.insert(0, raw.substring(said));
        }
        return true;
    }

    private void skipSpace() {
        int space = 0;
        while (skipSpace && space < held.length() && Character.isWhitespace(held.charAt(space))) {
            space++;
        }
        skipSpace &= space == held.length();
        held.delete(0, space);
    }

    private int spaceBefore(int at) {
        int from = at;
        while (from > 0 && Character.isWhitespace(held.charAt(from - 1))) {
            from--;
        }
        return from;
    }

    private String cut(int length) {
        String text = held.substring(0, length);
        held.delete(0, length);
        return text;
    }
}
