package dev.candor.settlement.ledger;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The tables of one component, as scripts that only ever grow in number: script {@code n} (from 1) leads from version
 * {@code n - 1} to version {@code n}. A script's statements are separated by a semicolon at a line's end.
 *
 * @param component names the tables' owner, unique in the database
 */
public record SqlSchema(String component, List<String> scripts) {
    public SqlSchema {
        scripts = List.copyOf(scripts);
    }

    /** The scripts lying as resources {@code files} beside {@code owner}, in order. */
    public static SqlSchema fromResources(String component, Class<?> owner, String... files) {
        List<String> scripts = new ArrayList<>();
        for (String file : files) {
            try (InputStream in = owner.getResourceAsStream(file)) {
                if (in == null) {
                    throw new IllegalArgumentException("no resource " + file + " beside " + owner.getName());
                }
                scripts.add(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read the resource " + file, e);
            }
        }
        return new SqlSchema(component, scripts);
    }

    /** The statements of the script that leads to {@code version}. */
    List<String> statements(int version) {
        return Arrays.stream(scripts.get(version - 1).split(";\\s*(\n|$)"))
                .map(String::strip)
                .filter(statement -> !statement.isEmpty())
                .toList();
    }
}
