package dev.candor.inference.engine.testing;

import dev.candor.hub.manifest.ManifestVerifier;
import dev.candor.hub.manifest.VerifiedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** Where tests find models, vectors and native libraries. */
public final class Models {
    private Models() {}

    /** Kept between test runs, like any build output. */
    public static Path natives() {
        return Path.of("target", "natives");
    }

    public static Path shared() {
        return Path.of(System.getProperty("candor.shared", "absent"));
    }

    /** The demo model in a form; the test is skipped where it was not fetched yet. */
    public static VerifiedModel demo(String form) throws IOException {
        String home = System.getenv().getOrDefault("CANDOR_HOME", Path.of(System.getProperty("user.home"), ".candor").toString());
        Path cache = Path.of(System.getenv().getOrDefault("CANDOR_CACHE", home + "/cache"));
        Path folder = cache.resolve("models/huggingfacetb/smollm2-135m-instruct/1-" + form);
        Assumptions.assumeTrue(Files.isDirectory(folder), "the demo model is not in the cache");
        return new ManifestVerifier().verify(folder);
    }
}
