package dev.candor.inference.cli;

import dev.candor.inference.config.Access;
import picocli.CommandLine.Option;

/** Options about who may ask a node for how much. */
final class AccessOptions {
    @Option(names = "--require-key", description = "Answer only requests with an API key that candor keys add has given out.")
    private boolean requireKey;

    @Option(names = "--rate-limit-requests", paramLabel = "N", defaultValue = "0",
            description = "Requests a minute of each client (key, payer or address), 0 for no limit (default: ${DEFAULT-VALUE}).")
    private int requests;

    @Option(names = "--rate-limit-tokens", paramLabel = "N", defaultValue = "0",
            description = "Tokens a minute of each client, prompts and answers together, 0 for no limit (default: ${DEFAULT-VALUE}).")
    private int tokens;

    @Option(names = "--client-share", paramLabel = "PERCENT", defaultValue = "50",
            description = "How much of the node's places and queues one client may have at once, 100 for all (default: ${DEFAULT-VALUE}).")
    private int share;

    Access access() {
        return Access.of(requireKey, requests, tokens, share);
    }
}
