package dev.candor.inference.engine.testing;

import dev.candor.hub.manifest.ManifestVerifier;
import dev.candor.hub.manifest.VerifiedModel;
import dev.candor.inference.engine.ort.OrtModelRunner;
import dev.candor.inference.engine.ort.OrtOptions;
import dev.candor.inference.engine.ort.OrtRuntime;
import java.nio.file.Path;

/** Opens a model, says so, and ends or waits to be killed. Arguments: natives, model folder, {@code end} or {@code wait}. */
public final class OpenModelMain {
    private OpenModelMain() {}

    public static void main(String[] arguments) throws Exception {
        VerifiedModel model = new ManifestVerifier().verify(Path.of(arguments[1]));
        OrtRuntime runtime = OrtRuntime.load(Path.of(arguments[0]));
        try (OrtModelRunner runner = OrtModelRunner.open(runtime, model.folder(), model.config(), new OrtOptions(2, 0, 1, false))) {
            System.out.println(runner.info().slots() == 2 ? "ok" : "wrong");
            if (arguments[2].equals("wait")) {
                Thread.currentThread().join();
            }
        }
    }
}
