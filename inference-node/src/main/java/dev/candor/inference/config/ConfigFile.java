package dev.candor.inference.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads {@code key = value} lines; a key is an option's name without dashes in front, {@code #} begins a comment line. */
public final class ConfigFile {
    private static final int MAX_BYTES = 64 * 1024;

    private ConfigFile() {}

    /**
     * The file's settings in their order.
     *
     * @throws ConfigException if the file cannot be read, or a line is not a setting, or a key comes twice
     */
    public static Map<String, String> read(Path file) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new ConfigException(file + " is larger than " + MAX_BYTES + " bytes: that is no configuration file");
            }
            return parse(Files.readString(file), file.toString());
        } catch (IOException e) {
            throw new ConfigException("cannot read the configuration file " + file + ": " + e.getMessage());
        }
    }

    static Map<String, String> parse(String text, String name) {
        Map<String, String> settings = new LinkedHashMap<>();
        int number = 0;
        for (String raw : text.lines().toList()) {
            number++;
            String line = raw.strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            int equals = line.indexOf('=');
            if (equals <= 0) {
                throw new ConfigException(name + " line " + number + ": expected key = value, got: " + line);
            }
            String key = line.substring(0, equals).strip();
            if (settings.put(key, line.substring(equals + 1).strip()) != null) {
                throw new ConfigException(name + " line " + number + ": " + key + " is set twice");
            }
        }
        return settings;
    }
}
