package dev.candor.inference.engine.memory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How much memory the machine has left for this process: what Linux calls available, or less where a control group (version 1 or 2) of the
 * process or one above it allows less. Elsewhere, what Java says is free.
 */
public final class MachineMemory {
    private static final Pattern AVAILABLE = Pattern.compile("MemAvailable:\\s*(\\d{1,15}) kB");
    private static final Pattern INACTIVE_FILES = Pattern.compile("(?:total_)?inactive_file (\\d{1,18})");
    private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");

    /** Where a version of control groups keeps the limit, what is used, and under which folder. */
    private record GroupFiles(String folder, String limit, String used) {}

    private static final GroupFiles VERSION_1 = new GroupFiles("sys/fs/cgroup/memory", "memory.limit_in_bytes", "memory.usage_in_bytes");
    private static final GroupFiles VERSION_2 = new GroupFiles("sys/fs/cgroup", "memory.max", "memory.current");

    private final Path root;
    private final OptionalLong elsewhere;

    /**
     * @param root      where {@code proc} and {@code sys} are
     * @param elsewhere bytes to say where there is no {@code proc/meminfo}
     */
    public MachineMemory(Path root, OptionalLong elsewhere) {
        this.root = root;
        this.elsewhere = elsewhere;
    }

    /** Bytes; empty where nothing tells. */
    public OptionalLong available() {
        OptionalLong machine = number(AVAILABLE, read(root.resolve("proc/meminfo")));
        if (machine.isEmpty()) {
            return elsewhere;
        }
        return OptionalLong.of(Math.min(machine.getAsLong() * 1024, groups()));
    }

    private long groups() {
        long least = Long.MAX_VALUE;
        for (String line : read(root.resolve("proc/self/cgroup")).lines().toList()) {
            List<String> parts = List.of(line.split(":", 3));
            if (parts.size() == 3 && parts.get(1).isEmpty()) {
                least = Math.min(least, group(VERSION_2, parts.get(2)));
            } else if (parts.size() == 3 && List.of(parts.get(1).split(",")).contains("memory")) {
                least = Math.min(least, group(VERSION_1, parts.get(2)));
            }
        }
        return least;
    }

    /** What a group and those above it leave; within a container the path may be one of the host's, and only the top is there. */
    private long group(GroupFiles version, String path) {
        Path top = root.resolve(version.folder());
        Path folder = top.resolve(path.replaceFirst("^/+", "")).normalize();
        long least = Long.MAX_VALUE;
        while (folder.startsWith(top)) {
            least = Math.min(least, left(folder, version));
            folder = folder.getParent();
        }
        return least;
    }

    private static long left(Path folder, GroupFiles version) {
        OptionalLong limit = number(NUMBER, read(folder.resolve(version.limit())));
        OptionalLong used = number(NUMBER, read(folder.resolve(version.used())));
        if (limit.isEmpty() || used.isEmpty()) {
            return Long.MAX_VALUE;
        }
        long given = number(INACTIVE_FILES, read(folder.resolve("memory.stat"))).orElse(0);
        return Math.max(0, limit.getAsLong() - used.getAsLong() + given);
    }

    private static OptionalLong number(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? OptionalLong.of(Long.parseLong(matcher.group(matcher.groupCount()))) : OptionalLong.empty();
    }

    /** Empty where there is no such file. */
    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return "";
        }
    }
}
