package dev.candor.inference.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The instructions of a Dockerfile, by stage. What it does not know is an error, so that no check passes over it. */
record Dockerfile(List<Stage> stages) {
    private static final Pattern FROM = Pattern.compile("(\\S+)(?:\\s+[Aa][Ss]\\s+(\\S+))?");
    private static final Pattern ASSIGNMENT = Pattern.compile("(\\w+)=(\"(?:[^\"\\\\]|\\\\.)*\"|\\S+)\\s*");
    private static final List<String> KNOWN =
            List.of("RUN", "COPY", "ENV", "USER", "WORKDIR", "VOLUME", "EXPOSE", "HEALTHCHECK", "ENTRYPOINT", "CMD");

    /** @param name the name after {@code AS}, or the stage's number */
    record Stage(String name, String image, List<Instruction> instructions) {
        List<Instruction> all(String keyword) {
            return instructions.stream().filter(instruction -> instruction.keyword().equals(keyword)).toList();
        }

        /** The one instruction of that kind that holds, which is the last. */
        Instruction last(String keyword) {
            return all(keyword).getLast();
        }

        Map<String, String> environment() {
            Map<String, String> environment = new LinkedHashMap<>();
            for (Instruction instruction : all("ENV")) {
                Matcher matcher = ASSIGNMENT.matcher(instruction.arguments());
                int end = 0;
                while (matcher.find() && matcher.start() == end) {
                    environment.put(matcher.group(1), matcher.group(2).replaceAll("^\"|\"$", ""));
                    end = matcher.end();
                }
                if (end != instruction.arguments().length()) {
                    throw new IllegalArgumentException("not a list of NAME=VALUE: " + instruction.arguments());
                }
            }
            return environment;
        }
    }

    /** @param arguments the rest of the logical line, flags included */
    record Instruction(String keyword, String arguments) {
        Map<String, String> flags() {
            Map<String, String> flags = new LinkedHashMap<>();
            for (String word : arguments.split("\\s+")) {
                if (!word.startsWith("--")) {
                    break;
                }
                int equals = word.indexOf('=');
                flags.put(word.substring(2, equals), word.substring(equals + 1));
            }
            return flags;
        }

        List<String> words() {
            return List.of(arguments.replaceFirst("^(--\\S+\\s+)+", "").split("\\s+"));
        }

        /** The arguments of the exec form, a JSON array. */
        List<String> exec() throws JsonProcessingException {
            return List.of(new ObjectMapper().readValue(arguments, String[].class));
        }
    }

    static Dockerfile parse(String text) {
        List<Stage> stages = new ArrayList<>();
        for (String line : logicalLines(text)) {
            String[] parts = line.split("\\s+", 2);
            if (parts[0].equals("FROM")) {
                Matcher from = FROM.matcher(parts[1].strip());
                if (!from.matches()) {
                    throw new IllegalArgumentException("not a FROM: " + line);
                }
                String name = from.group(2) == null ? Integer.toString(stages.size()) : from.group(2);
                stages.add(new Stage(name, from.group(1), new ArrayList<>()));
            } else if (!KNOWN.contains(parts[0]) || parts.length < 2 || stages.isEmpty()) {
                throw new IllegalArgumentException("not an instruction, or before the first FROM: " + line);
            } else {
                stages.getLast().instructions().add(new Instruction(parts[0], parts[1].strip()));
            }
        }
        return new Dockerfile(List.copyOf(stages));
    }

    private static List<String> logicalLines(String text) {
        List<String> lines = new ArrayList<>();
        StringBuilder open = new StringBuilder();
        for (String raw : text.lines().toList()) {
            String line = raw.strip();
            if (line.startsWith("#") || line.isEmpty()) {
                continue;
            }
            boolean continued = line.endsWith("\\");
            open.append(continued ? line.substring(0, line.length() - 1) : line);
            if (!continued) {
                lines.add(open.toString());
                open.setLength(0);
            }
        }
        if (!open.isEmpty()) {
            throw new IllegalArgumentException("the last line is continued");
        }
        return lines;
    }

    Stage last() {
        return stages.getLast();
    }

    boolean hasStageBefore(Stage stage, String name) {
        return stages.subList(0, stages.indexOf(stage)).stream().anyMatch(earlier -> earlier.name().equals(name));
    }
}
