package dev.candor.inference.openai.tools;

import java.util.List;
import java.util.Optional;

/**
 * The part of an answer from where a call was announced until it is over. It takes its text from the front of a buffer. What turns out to
 * be no call is given back as {@link #raw}; once a call has been told to the client, all that belongs to it stays with it, JSON or not.
 */
final class CallSection {
    enum Progress { WAITING, ENDED, FAILED }

    private enum Stage { START, BODY, AFTER_ITEM, SPILL, TAIL, FAILED }

    private final ToolFormat format;
    private final CallSink sink;
    private final MarkerWatch closers;
    private final StringBuilder raw;
    private Stage stage = Stage.START;
    private CallBody body = new CallObject();
    private boolean list;
    private boolean told;
    private int index;

    /** @param opener the text that announced it, empty if a brace or bracket did, which comes next then */
    CallSection(ToolFormat format, CallSink sink, String opener) {
        this.format = format;
        this.sink = sink;
        this.closers = new MarkerWatch(format.closer().map(List::of).orElse(List.of()));
        this.raw = new StringBuilder(opener);
    }

    /** Text taken that is in no call told. */
    String raw() {
        return raw.toString();
    }

    /** @param ended whether no more text comes after {@code text} */
    Progress take(StringBuilder text, boolean ended) {
        while (true) {
            int at = 0;
            while (at < text.length() && (stage == Stage.START || stage == Stage.BODY || stage == Stage.AFTER_ITEM)) {
                at += accept(text.charAt(at)) ? 1 : 0;
            }
            text.delete(0, at);
            tellArguments();
            Optional<Progress> progress = switch (stage) {
                case FAILED -> Optional.of(Progress.FAILED);
                case SPILL -> Optional.of(spill(text, ended));
                case TAIL -> tail(text, ended);
                default -> Optional.of(!ended ? Progress.WAITING : told || raw.isEmpty() ? Progress.ENDED : Progress.FAILED);
            };
            if (progress.isPresent()) {
                return progress.get();
            }
        }
    }

    private boolean accept(char c) {
        return switch (stage) {
            case START -> start(c);
            case BODY -> body(c);
            default -> afterItem(c);
        };
    }

    /** @return whether {@code c} was taken, as in the following ones */
    private boolean start(char c) {
        boolean opensList = c == '[' && !list && format.listed();
        if (opensList || Character.isWhitespace(c)) {
            list |= opensList;
            raw.append(c);
            return true;
        }
        boolean named = format.namedOutside() && !list && c != '[' && c != '{';
        body = named ? new NamedCall() : new CallObject();
        stage = named || c == '{' ? Stage.BODY : Stage.FAILED;
        return false;
    }

    private boolean body(char c) {
        boolean whole = body.complete();
        boolean possible = body.accept(c) && body.name().map(sink::callable).orElse(true);
        if (!possible && told && whole) {
            itemOver();
            return false;
        }
        if (!told) {
            raw.append(c);
        }
        if (!possible) {
            stage = told ? Stage.SPILL : Stage.FAILED;
        } else if (!told && body.begun()) {
            told = true;
            raw.setLength(0);
            index = sink.start(body.name().orElseThrow());
        }
        if (possible && body.done()) {
            itemOver();
        }
        return true;
    }

    private void itemOver() {
        tellArguments();
        told = false;
        stage = list ? Stage.AFTER_ITEM : Stage.TAIL;
    }

    private void tellArguments() {
        if (told) {
            sink.arguments(index, body.takeArguments());
        }
    }

    private boolean afterItem(char c) {
        if (c == ',') {
            stage = Stage.START;
        } else if (!Character.isWhitespace(c)) {
            stage = Stage.TAIL;
        }
        return c == ']' || stage != Stage.TAIL;
    }

    private Progress spill(StringBuilder text, boolean ended) {
        Optional<MarkerWatch.Found> end = closers.find(text, 0);
        int until = end.map(MarkerWatch.Found::at).orElse(ended ? text.length() : closers.open(text, 0));
        sink.arguments(index, text.substring(0, until));
        text.delete(0, end.map(MarkerWatch.Found::end).orElse(until));
        return end.isPresent() || ended ? Progress.ENDED : Progress.WAITING;
    }

    private Optional<Progress> tail(StringBuilder text, boolean ended) {
        String closer = format.closer().orElse("");
        int at = 0;
        Optional<Progress> progress = Optional.empty();
        while (progress.isEmpty() && at < text.length()) {
            String rest = text.substring(at, Math.min(text.length(), at + Math.max(1, closer.length())));
            if (!closer.isEmpty() && rest.equals(closer)) {
                at += closer.length();
                progress = Optional.of(Progress.ENDED);
            } else if (closer.startsWith(rest) && !ended) {
                progress = Optional.of(Progress.WAITING);
            } else if (format.chained() && rest.charAt(0) == '{') {
                text.delete(0, at);
                stage = Stage.START;
                return Optional.empty();
            } else if (stray(rest.charAt(0))) {
                at++;
            } else {
                progress = Optional.of(Progress.ENDED);
            }
        }
        text.delete(0, at);
        return Optional.of(progress.orElse(ended ? Progress.ENDED : Progress.WAITING));
    }

    /** Whether {@code c} after a call is but a slip of the pen: a brace too many, a separator, the end of a fence. */
    private boolean stray(char c) {
        return Character.isWhitespace(c) || c == '}' || c == ']' || c == ';' && format.chained() || c == '`' && format.deepseek();
    }
}
