package dev.candor.inference.cli;

import dev.candor.attestation.crypto.EvmAddress;
import dev.candor.inference.config.ByteSize;
import dev.candor.inference.config.ConfigException;
import dev.candor.inference.config.Hardware;
import dev.candor.inference.config.Limits;
import dev.candor.inference.config.Listen;
import dev.candor.inference.config.ModelPrice;
import dev.candor.inference.config.NodeConfig;
import dev.candor.inference.config.Payments;
import dev.candor.inference.config.SpinChoice;
import dev.candor.inference.config.StoredResponses;
import dev.candor.inference.engine.ort.device.DevicePreference;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of a node. */
final class NodeOptions {
    @Mixin
    private HomeOptions folders = new HomeOptions();

    @Option(names = "--host", defaultValue = "127.0.0.1", description = "Interface to listen on (default: ${DEFAULT-VALUE}).")
    private String host;

    @Option(names = "--port", defaultValue = "8080", description = "Port to listen on (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(names = "--tls-cert", paramLabel = "PEM", description = "Certificate chain, to serve HTTPS.")
    private Path tlsCert;

    @Option(names = "--tls-key", paramLabel = "PEM", description = "Private key of --tls-cert.")
    private Path tlsKey;

    @Option(names = "--insecure", description = "Serve plain HTTP to other machines.")
    private boolean insecure;

    @Option(names = "--model", split = ",", paramLabel = "NAME", defaultValue = "smollm2-135m-instruct,all-minilm-l6-v2",
            description = "Models of the catalog or imported ones, NAME or NAME:FORM, separated by commas (default: ${DEFAULT-VALUE}).")
    private List<String> models;

    @Option(names = "--threads", defaultValue = "0", description = "Threads of the engine, 0 for one per core (default: ${DEFAULT-VALUE}).")
    private int threads;

    @Option(names = "--spin", defaultValue = "auto",
            description = "Whether engine threads spin for a moment before they sleep: auto, on or off; auto does unless the machine is busy at the start "
                    + "(default: ${DEFAULT-VALUE}).")
    private String spin;

    @Option(names = "--device", defaultValue = "auto",
            description = "What models run on: auto, cpu or cuda; auto takes a GPU where one can be used (default: ${DEFAULT-VALUE}).")
    private String device;

    @Option(names = "--free", description = "Serve without payment.")
    private boolean free;

    @Option(names = "--price", split = ",", paramLabel = "NAME=IN[:OUT]", description =
            "Atomic units of OPG that models cost, per token read and answered, or per KiB of tensors taken (default: the catalog's; imported models are free).")
    private List<String> prices = List.of();

    @Option(names = "--chain", paramLabel = "URL", description = "JSON-RPC endpoint of a chain to use instead of the embedded dev chain.")
    private String chain;

    @Option(names = "--chain-id", defaultValue = "31337", description = "Id of the embedded dev chain (default: ${DEFAULT-VALUE}).")
    private long chainId;

    @Option(names = "--deploy", description = {
            "Deploy on --chain what is missing, paid by the operator's account. There, the wallet gets 1000 OPG if the token is the one deployed so, "
                    + "and the approval of Permit2 with the ether it takes, if the operator keeps nine times as much.",
            "A development chain (anvil, Hardhat) is also given x402's proxies, and both accounts ether. Without --deploy nothing is sent."})
    private boolean deploy;

    @Option(names = "--pay-to", paramLabel = "ADDRESS", description = "Payee (default: the operator's own account).")
    private String payTo;

    @Option(names = "--max-exposure", paramLabel = "UNITS", defaultValue = "100000000000000000000",
            description = "Atomic units of OPG that may be unsettled in total (default: ${DEFAULT-VALUE}, 100 OPG).")
    private BigInteger maxExposure;

    @Option(names = "--max-body", paramLabel = "SIZE", converter = ByteSizeConverter.class, defaultValue = "1048576",
            description = "Largest request body, in bytes or as 1M, 1MiB (default: ${DEFAULT-VALUE}).")
    private ByteSize maxBody;

    @Option(names = "--max-tensor-body", paramLabel = "SIZE", converter = ByteSizeConverter.class, defaultValue = "67108864",
            description = "Largest request body with tensors, and most bytes of tensors in an answer (default: ${DEFAULT-VALUE}, 64 MiB).")
    private ByteSize maxTensorBody;

    @Option(names = "--max-queue", defaultValue = "256", description = "Requests that may wait (default: ${DEFAULT-VALUE}).")
    private int maxQueue;

    @Option(names = "--max-concurrent", defaultValue = "8", description = "Sequences at work at once (default: ${DEFAULT-VALUE}).")
    private int maxConcurrent;

    @Option(names = "--context", paramLabel = "TOKENS", defaultValue = "2048",
            description = "Longest prompt and answer together, 0 for the model's own limit (default: ${DEFAULT-VALUE}).")
    private int context;

    @Option(names = "--kv-memory", paramLabel = "SIZE", converter = ByteSizeConverter.class, defaultValue = "0",
            description = "Memory of all chat models together for keys and values, prefix caches included, as 512M or 2G; each gets an equal part of what the others have "
                    + "not taken. 0 for half of what the machine has left (default: ${DEFAULT-VALUE}).")
    private ByteSize kvMemory;

    @Option(names = "--max-backlog", paramLabel = "SIZE", converter = ByteSizeConverter.class, defaultValue = "1048576",
            description = "Bytes of an answer that a slow client may leave unread (default: ${DEFAULT-VALUE}).")
    private ByteSize maxBacklog;

    @Option(names = "--max-disk", paramLabel = "SIZE", converter = ByteSizeConverter.class, defaultValue = "21474836480",
            description = "Bytes that ledger, log and chain may take on disk (default: ${DEFAULT-VALUE}, 20 GiB).")
    private ByteSize maxDisk;

    @Option(names = "--keep-responses", paramLabel = "TIME", defaultValue = "1h",
            description = "How long a response of /v1/responses can be asked for and continued after it was last of use, in memory only: off, or such as 30m, "
                    + "1h, 2d (default: ${DEFAULT-VALUE}).")
    private String keepResponses;

    @Option(names = "--max-stored-responses", paramLabel = "SIZE", converter = ByteSizeConverter.class, defaultValue = "134217728",
            description = "Memory of all kept responses; the oldest go first (default: ${DEFAULT-VALUE}, 128 MiB).")
    private ByteSize maxStoredResponses;

    @Mixin
    private AccessOptions access = new AccessOptions();

    /** @throws ConfigException if the values cannot be used together */
    NodeConfig config() {
        return new NodeConfig(
                folders.home(),
                folders.cache(),
                new Listen(host, port, tls(), insecure),
                models,
                hardware(),
                new Payments(free, Optional.ofNullable(chain), chainId, deploy, payee(), maxExposure, prices.stream().map(ModelPrice::parse).toList()),
                limits(),
                access.access(),
                StoredResponses.of(keepResponses, maxStoredResponses.bytes()));
    }

    private Limits limits() {
        return new Limits(
                maxBody.asInt("--max-body"),
                maxTensorBody.asInt("--max-tensor-body"),
                maxQueue,
                maxConcurrent,
                context,
                kvMemory.bytes(),
                maxBacklog.asInt("--max-backlog"),
                maxDisk.bytes());
    }

    private Hardware hardware() {
        try {
            return new Hardware(threads, DevicePreference.of(device), spinChoice());
        } catch (IllegalArgumentException e) {
            throw new ConfigException("--device: " + e.getMessage());
        }
    }

    private SpinChoice spinChoice() {
        try {
            return SpinChoice.of(spin);
        } catch (IllegalArgumentException e) {
            throw new ConfigException("--spin " + e.getMessage());
        }
    }

    private Optional<Listen.TlsFiles> tls() {
        if ((tlsCert == null) != (tlsKey == null)) {
            throw new ConfigException("--tls-cert and --tls-key belong together: give both or none");
        }
        return tlsCert == null ? Optional.empty() : Optional.of(new Listen.TlsFiles(tlsCert, tlsKey));
    }

    private Optional<EvmAddress> payee() {
        try {
            return Optional.ofNullable(payTo).map(EvmAddress::parse);
        } catch (IllegalArgumentException e) {
            throw new ConfigException("--pay-to: " + e.getMessage());
        }
    }
}
