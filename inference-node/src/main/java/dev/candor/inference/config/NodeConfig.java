package dev.candor.inference.config;

import java.nio.file.Path;

/**
 * Everything a node can be told.
 *
 * @param home    where its state lives
 * @param cache   where models and packages are kept; can be deleted at any time
 * @param listen  where it listens
 * @param model   name of a model in the catalog
 * @param threads threads of the engine; 0 for one per core
 */
public record NodeConfig(CandorHome home, Path cache, Listen listen, String model, int threads, Payments payments, Limits limits) {
    /** @throws ConfigException if a value cannot be used */
    public NodeConfig {
        if (threads < 0) {
            throw new ConfigException("--threads must not be negative, got " + threads);
        }
    }
}
