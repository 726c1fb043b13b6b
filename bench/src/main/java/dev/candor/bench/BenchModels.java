package dev.candor.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Where benchmarks find models. */
final class BenchModels {
    private BenchModels() {}

    /** Which model is measured. */
    static Option option() {
        return new Option("model", "FOLDER", "A model's folder in the cache, as models/PUBLISHER/NAME/VERSION-FORM.", "the demo model in form q8");
    }

    /** The folder that {@code --model} names, or the demo model's. @throws IllegalArgumentException saying what to do if it does not exist */
    static Path folder(Options options) {
        Path folder = options.given("model").map(Path::of).orElseGet(() -> cache().resolve("models/huggingfacetb/smollm2-135m-instruct/1-q8"));
        if (!Files.isDirectory(folder)) {
            throw new IllegalArgumentException(folder + " does not exist: run ./candor up once, which fetches the demo model, or name a "
                    + "model's folder with --model");
        }
        return folder;
    }

    /** The cache that the node uses. */
    static Path cache() {
        Map<String, String> environment = System.getenv();
        String home = environment.getOrDefault("CANDOR_HOME", Path.of(System.getProperty("user.home"), ".candor").toString());
        return Path.of(environment.getOrDefault("CANDOR_CACHE", Path.of(home, "cache").toString()));
    }
}
