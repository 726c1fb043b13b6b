package dev.candor.inference.cli;

import dev.candor.attestation.appraisal.AppraisalPolicy;
import dev.candor.attestation.digest.Digest;
import dev.candor.client.pay.OpgAmount;
import dev.candor.client.pay.SpendingLimits;
import dev.candor.client.verify.ReceiptBundle;
import dev.candor.client.verify.VerifyOptions;
import dev.candor.inference.config.ConfigException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of the commands that talk to a node as a client. */
final class ClientOptions {
    private static final String DIGEST_PREFIX = "sha256:";

    @Mixin
    private HomeOptions folders = new HomeOptions();

    @Option(names = "--node", paramLabel = "URL", description = "The node (default: for a saved receipt, the one that its file names; else the one running on this home, or http://127.0.0.1:8080).")
    private String node;

    @Option(names = "--api-key", paramLabel = "KEY",
            description = "A key that the node's operator has given out; better as the variable CANDOR_API_KEY, which others on this machine do not see.")
    private String apiKey;

    @Option(names = "--require-hardware", description = "Accept only Evidence of real hardware.")
    private boolean requireHardware;

    @Option(names = "--rpc", paramLabel = "URL", description = "JSON-RPC endpoint of the chain, to check anchors (default: what a node on this machine names).")
    private String rpc;

    @Option(names = "--max-pending", paramLabel = "SECONDS", defaultValue = "300",
            description = "How long after its issue a receipt may lack log proof and anchor (default: ${DEFAULT-VALUE}).")
    private long maxPending;

    @Option(names = "--model-digest", paramLabel = "NAME=SHA256", description = "The digest a model must have (default: the catalog's).")
    private Map<String, String> modelDigests = new HashMap<>();

    HomeOptions folders() {
        return folders;
    }

    /** The node to talk to. */
    URI node() {
        return node == null ? RunningNode.of(folders.home()).map(RunningNode::url).orElse(URI.create("http://127.0.0.1:8080")) : uri("--node", node);
    }

    /** The node to ask about {@code saved}: the one that the command was given, or else the one that the saved receipt names. */
    URI node(ReceiptBundle saved) {
        return node == null ? uri("the saved receipt's node", saved.node()) : uri("--node", node);
    }

    /** What every request to the node says. */
    Map<String, String> headers() {
        return apiKey == null ? Map.of() : Map.of("Authorization", "Bearer " + apiKey.strip());
    }

    /** What a receipt must satisfy. */
    VerifyOptions verification(Map<String, List<Digest>> catalog) {
        if (maxPending < 0) {
            throw new ConfigException("--max-pending must not be negative, got " + maxPending);
        }
        Map<String, List<Digest>> digests = new HashMap<>(catalog);
        modelDigests.forEach((name, digest) -> digests.put(name, List.of(digest(digest))));
        return new VerifyOptions(
                requireHardware ? AppraisalPolicy.requireHardware() : AppraisalPolicy.standard(),
                false,
                false,
                Duration.ofSeconds(maxPending),
                digests,
                Optional.ofNullable(rpc).map(url -> uri("--rpc", url)));
    }

    private static URI uri(String option, String text) {
        try {
            URI uri = URI.create(text);
            if (uri.getHost() != null && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            throw new ConfigException(option + ": " + e.getMessage());
        }
        throw new ConfigException(option + " wants a URL such as http://127.0.0.1:8080, got " + text);
    }

    private static Digest digest(String text) {
        try {
            return new Digest(text.startsWith(DIGEST_PREFIX) ? text.substring(DIGEST_PREFIX.length()) : text);
        } catch (IllegalArgumentException e) {
            throw new ConfigException("--model-digest: " + e.getMessage());
        }
    }

    /** Limits on spending, in OPG. */
    static final class Spending {
        @Option(names = "--max-per-request", paramLabel = "OPG", defaultValue = "0.1",
                description = "The most that one request may cost (default: ${DEFAULT-VALUE}).")
        private BigDecimal perRequest;

        @Option(names = "--max-per-day", paramLabel = "OPG", defaultValue = "5",
                description = "The most that one UTC day may cost (default: ${DEFAULT-VALUE}).")
        private BigDecimal perDay;

        SpendingLimits limits() {
            return new SpendingLimits(units("--max-per-request", perRequest), units("--max-per-day", perDay));
        }

        private static BigInteger units(String option, BigDecimal opg) {
            try {
                if (opg.signum() < 0) {
                    throw new ConfigException(option + " must not be negative, got " + opg);
                }
                return OpgAmount.units(opg);
            } catch (ArithmeticException e) {
                throw new ConfigException(option + " has more than 18 decimals: " + opg);
            }
        }
    }
}
