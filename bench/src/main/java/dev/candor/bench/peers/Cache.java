package dev.candor.bench.peers;

import java.nio.file.Path;
import java.util.Map;

/** Where everything is kept that can be made again. */
public final class Cache {
    private Cache() {}

    /** {@code $CANDOR_CACHE}, or the cache in the home folder, as the node has it. */
    public static Path folder() {
        Map<String, String> environment = System.getenv();
        String home = environment.getOrDefault("CANDOR_HOME", Path.of(System.getProperty("user.home"), ".candor").toString());
        return Path.of(environment.getOrDefault("CANDOR_CACHE", Path.of(home, "cache").toString())).toAbsolutePath();
    }
}
