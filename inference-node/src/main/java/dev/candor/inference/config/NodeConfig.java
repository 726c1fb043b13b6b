package dev.candor.inference.config;

import java.nio.file.Path;
import java.util.List;

/**
 * Everything a node can be told.
 *
 * @param home    where its state lives
 * @param cache   where models and packages are kept; can be deleted at any time
 * @param listen  where it listens
 * @param models  names of models in the catalog, at least one; the first is the default of {@code candor chat}
 */
public record NodeConfig(
        CandorHome home,
        Path cache,
        Listen listen,
        List<String> models,
        Hardware hardware,
        Payments payments,
        Limits limits,
        Access access,
        StoredResponses responses) {
    /** For everybody, with responses kept as is standard. */
    public NodeConfig(CandorHome home, Path cache, Listen listen, List<String> models, Hardware hardware, Payments payments, Limits limits) {
        this(home, cache, listen, models, hardware, payments, limits, Access.OPEN, StoredResponses.STANDARD);
    }

    /** @throws ConfigException if a value cannot be used */
    public NodeConfig {
        models = models.stream().map(String::strip).filter(name -> !name.isEmpty()).distinct().toList();
        if (models.isEmpty()) {
            throw new ConfigException("--model must name at least one model of the catalog, see candor models");
        }
    }
}
