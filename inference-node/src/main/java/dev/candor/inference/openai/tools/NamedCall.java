package dev.candor.inference.openai.tools;

import java.util.Optional;

/**
 * A call whose name stands before its arguments: {@code f[ARGS]{…}} and {@code f[CALL_ID]123456789[ARGS]{…}} (Mistral),
 * {@code function<｜tool▁sep｜>f ```json {…}} and {@code f<｜tool▁sep｜>{…}} (DeepSeek).
 */
final class NamedCall implements CallBody {
    private static final int MAX_HEADER = 256;

    private final StringBuilder header = new StringBuilder();
    private final StringBuilder arguments = new StringBuilder();
    private final JsonMachine machine = new JsonMachine();
    private Optional<String> name = Optional.empty();

    @Override
    public boolean accept(char c) {
        if (name.isEmpty()) {
            if (c != '{') {
                header.append(c);
                return header.length() <= MAX_HEADER;
            }
            name = Optional.of(nameIn(header.toString()));
        }
        arguments.append(c);
        return machine.accept(c) != JsonMachine.State.BROKEN;
    }

    private static String nameIn(String header) {
        int separator = header.indexOf(ToolFormat.SEPARATOR);
        if (separator >= 0) {
            String after = header.substring(separator + ToolFormat.SEPARATOR.length()).replaceFirst("```(json)?\\s*$", "").strip();
            return after.isEmpty() ? header.substring(0, separator).strip() : after;
        }
        return header.replaceFirst("(?s)\\[(CALL_ID|ARGS)].*", "").strip();
    }

    @Override
    public Optional<String> name() {
        return name;
    }

    @Override
    public boolean begun() {
        return name.isPresent();
    }

    @Override
    public String takeArguments() {
        String taken = arguments.toString();
        arguments.setLength(0);
        return taken;
    }

    @Override
    public boolean complete() {
        return done();
    }

    @Override
    public boolean done() {
        return machine.state() == JsonMachine.State.DONE;
    }
}
