package dev.candor.inference.openai.tools;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Optional;
import java.util.Set;

/**
 * Reads {@code {"name": …, "arguments": {…}}} as it is written, members in any order. Of arguments written as a JSON text, as some models
 * do, it gives what that text says.
 */
final class CallObject implements CallBody {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> NAME_KEYS = Set.of("name");
    private static final Set<String> ARGUMENT_KEYS = Set.of("arguments", "parameters");
    /** Six characters for each of a name's 64, were all written as escapes, and quotation marks. */
    private static final int MAX_NAME = 6 * 64 + 2;
    private static final String NO_ARGUMENTS = "{}";

    private final JsonMachine machine = new JsonMachine();
    private final StringBuilder raw = new StringBuilder();
    private String key = "";
    private int keyStart = -1;
    private int valueStart = -1;
    private Optional<String> name = Optional.empty();
    private int argumentsStart = -1;
    private int argumentsEnd = -1;
    private int taken;
    private String decoded = "";
    private boolean broken;

    @Override
    public boolean accept(char c) {
        int depth = machine.depth();
        JsonMachine.State before = machine.state();
        JsonMachine.State after = machine.accept(c);
        raw.append(c);
        broken |= after == JsonMachine.State.BROKEN;
        if (depth == 1 && !broken) {
            member(before, after, c);
        }
        if (machine.depth() == 1 && after == JsonMachine.State.AFTER && valueStart >= 0) {
            valueEnded();
        }
        return !broken && (after != JsonMachine.State.DONE || name.isPresent());
    }

    private void member(JsonMachine.State before, JsonMachine.State after, char c) {
        if (after == JsonMachine.State.IN_KEY && before != JsonMachine.State.IN_KEY) {
            keyStart = raw.length() - 1;
        } else if (before == JsonMachine.State.IN_KEY && after == JsonMachine.State.COLON) {
            key = text(keyStart, raw.length());
        } else if (before == JsonMachine.State.VALUE && after != JsonMachine.State.VALUE) {
            valueBegan(c);
        } else if (valueStart >= 0 && NAME_KEYS.contains(key) && raw.length() - valueStart > MAX_NAME) {
            broken = true;
        } else if (after == JsonMachine.State.KEY) {
            valueStart = -1;
        }
    }

    private void valueBegan(char c) {
        valueStart = raw.length() - 1;
        if (NAME_KEYS.contains(key)) {
            broken |= c != '"' || name.isPresent();
        } else if (ARGUMENT_KEYS.contains(key)) {
            broken |= c != '"' && c != '{' && c != 'n' || argumentsStart >= 0;
            argumentsStart = c == '{' ? valueStart : argumentsStart;
        }
    }

    private void valueEnded() {
        int end = raw.length();
        if (NAME_KEYS.contains(key)) {
            name = Optional.of(text(valueStart, end));
        } else if (ARGUMENT_KEYS.contains(key)) {
            argumentsStart = valueStart;
            argumentsEnd = end;
            if (raw.charAt(valueStart) != '{') {
                decoded = raw.charAt(valueStart) == 'n' ? NO_ARGUMENTS : text(valueStart, end).strip();
                broken |= !object(decoded);
            }
        }
        valueStart = -1;
    }

    private String text(int start, int end) {
        try {
            return JSON.readTree(raw.substring(start, end)).asText();
        } catch (JsonProcessingException e) {
            broken = true;
            return "";
        }
    }

    private static boolean object(String text) {
        JsonMachine machine = new JsonMachine();
        return text.chars().allMatch(c -> machine.accept((char) c) != JsonMachine.State.BROKEN) && machine.state() == JsonMachine.State.DONE;
    }

    @Override
    public Optional<String> name() {
        return name;
    }

    @Override
    public boolean begun() {
        return name.isPresent() && (argumentsStart >= 0 || done());
    }

    @Override
    public String takeArguments() {
        if (argumentsStart >= 0 && decoded.isEmpty()) {
            return take(raw, argumentsStart, argumentsEnd >= 0 ? argumentsEnd : raw.length());
        }
        String all = decoded.isEmpty() ? NO_ARGUMENTS : decoded;
        return take(all, 0, all.length());
    }

    private String take(CharSequence text, int start, int end) {
        String more = text.subSequence(start + taken, end).toString();
        taken = end - start;
        return more;
    }

    @Override
    public boolean complete() {
        return argumentsEnd >= 0 || done();
    }

    @Override
    public boolean done() {
        return machine.state() == JsonMachine.State.DONE;
    }
}
