package dev.candor.inference.cli;

import dev.candor.inference.config.CandorHome;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Options of every command that reads state. */
public final class HomeOptions {
    @Option(names = "--home", paramLabel = "DIR", description = "Folder of all state (default: ~/.candor).")
    private Path home;

    @Option(names = "--config", paramLabel = "FILE", description = "Configuration file (default: candor.conf in the home folder).")
    private Path config;

    @Option(names = "--cache", paramLabel = "DIR", description = "Folder of models and packages (default: cache in the home folder).")
    private Path cache;

    CandorHome home() {
        return home == null ? CandorHome.standard() : new CandorHome(home);
    }

    Path cache() {
        return cache == null ? home().defaultCache() : cache.toAbsolutePath();
    }
}
