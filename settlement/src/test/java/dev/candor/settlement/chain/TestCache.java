package dev.candor.settlement.chain;

import java.nio.file.Path;
import java.util.Optional;

/** The cache that tests share with the product, so that packages are fetched once. */
public final class TestCache {
    private TestCache() {}

    public static Path folder() {
        return Optional.ofNullable(System.getenv("CANDOR_CACHE"))
                .map(Path::of)
                .orElseGet(() -> Path.of(System.getProperty("user.home"), ".candor", "cache"));
    }
}
