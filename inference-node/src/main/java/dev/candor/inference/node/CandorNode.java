package dev.candor.inference.node;

import dev.candor.attestation.receipt.ReceiptIssuer;
import dev.candor.attestation.tlog.LogKey;
import dev.candor.attestation.tlog.TileLog;
import dev.candor.hub.catalog.ModelCatalog;
import dev.candor.hub.manifest.VerifiedModel;
import dev.candor.inference.config.CandorHome;
import dev.candor.inference.config.Limits;
import dev.candor.inference.config.Listen;
import dev.candor.inference.config.NodeConfig;
import dev.candor.inference.engine.ort.NativeSet;
import dev.candor.inference.engine.ort.cuda.CudaProbe;
import dev.candor.inference.engine.ort.cuda.DecoderRunners;
import dev.candor.inference.http.Admission;
import dev.candor.inference.http.AnswerCache;
import dev.candor.inference.http.ClientGuard;
import dev.candor.inference.http.DiskGuard;
import dev.candor.inference.http.HttpApi;
import dev.candor.inference.http.HttpServices;
import dev.candor.inference.http.Models;
import dev.candor.inference.http.NodeIdentity;
import dev.candor.inference.http.OperatorAccess;
import dev.candor.inference.keys.ApiKeyFile;
import dev.candor.inference.keys.ApiKeys;
import dev.candor.inference.keys.KeyFileException;
import dev.candor.inference.limits.RateLimits;
import dev.candor.inference.metrics.NodeMetrics;
import dev.candor.inference.openai.Json;
import dev.candor.inference.openai.responses.ResponseStore;
import dev.candor.settlement.anchor.LogWriter;
import dev.candor.settlement.chain.ChainAccount;
import dev.candor.settlement.chain.ChainPresence;
import dev.candor.settlement.chain.ChainSetupException;
import dev.candor.settlement.facilitator.PriceBook;
import dev.candor.settlement.ledger.SqlDatabase;
import dev.candor.settlement.ledger.SqlLedger;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A running node: everything it is made of, and who gets what. {@link #close} drains and stops all of it, last started first.
 */
public final class CandorNode implements AutoCloseable {
    private static final int MAX_IN_FLIGHT = 1024;
    private static final Duration DRAIN = Duration.ofSeconds(8);

    private final Closing closing;
    private final NodePanel panel;
    private final Models models;

    private CandorNode(Closing closing, NodePanel panel, Models models) {
        this.closing = closing;
        this.panel = panel;
        this.models = models;
    }

    /**
     * Starts a node; when it returns, the node answers requests.
     *
     * @throws StartException      if it cannot start, with one line that says what to do
     * @throws ChainSetupException if the dev chain cannot be fetched or started
     */
    public static CandorNode start(NodeConfig config, StartListener listener)
            throws IOException, StartException, ChainSetupException {
        Closing closing = new Closing();
        try {
            return assemble(config, listener, closing);
        } catch (IOException | StartException | ChainSetupException | RuntimeException e) {
            closing.close();
            throw e;
        }
    }

    private static CandorNode assemble(NodeConfig config, StartListener listener, Closing closing)
            throws IOException, StartException, ChainSetupException {
        Clock clock = Clock.systemUTC();
        SecureRandom random = new SecureRandom();
        CandorHome home = config.home().create();
        Limits limits = config.limits();
        closing.add(HomeLock.acquire(home));
        Preflight.check(config);

        ChainAccount operator = new KeyFile(home.operatorKey(), random).account();
        ChainAccount wallet = new KeyFile(home.walletKey(), random).account();
        LogKey logKey = LogKey.loadOrCreate(home.logKey(), random);

        ModelCatalog catalog = ModelCatalog.bundled();
        ConversionAge age = new ConversionAge(catalog);
        DecoderRunners decoders = new DecoderRunners(config.hardware().device(), CudaProbe.system(NativeSet.onClassPath(), System.getenv()));
        ModelShelf shelf = new ModelShelf(config, decoders.gpu(), catalog, age);
        List<NodeModel> chosen = shelf.models();
        OperatorPrices asked = OperatorPrices.of(chosen, config.payments().prices());
        List<VerifiedModel> files = shelf.provision(chosen, listener.model());
        KvLedger memory = KvLedger.of(KvSizing.ofSystem(), limits.kvMemory(), files);
        ModelOpener opener = new ModelOpener(config, clock, decoders, memory, age);
        var buildDigest = CompletableFuture.supplyAsync(BuildDigest::ofRunning);
        Models models = closing.add(new Models());
        models.know(files.stream().map(file -> file.manifest().name()).toList());
        var opened = closing.add(new Later<>(() -> opener.open(files, models)));

        NodeChain chain = closing.add(NodeChain.open(config, operator, wallet, listener::chain));
        SqlDatabase database = closing.add(SqlDatabase.open(home.ledger()));
        SqlLedger ledger = closing.add(new SqlLedger(database, clock));
        ledger.recover();
        TileLog log = closing.add(TileLog.open(home.log(), logKey));
        LogWriter logWriter = closing.add(LogWriter.start(ledger, log, clock));

        NodeAttestation attestation = NodeAttestation.create(logKey, chain, operator.address(), config.listen(), random);
        attestation.publish(home.attestations(), ledger);
        logWriter.signal();

        NodeSettlement settlement = NodeSettlement.start(config.payments(), chain, operator, database, ledger, log::checkpoint, clock, closing);
        PriceBook prices = new PriceBook(clock);
        opened.get();
        if (!config.payments().free()) {
            asked.setIn(prices, new PriceMemory(home.prices()));
        }

        DiskGuard disk = new DiskGuard(home.root(), List.of(home.ledger(), home.log(), home.chain()), limits.maxDisk());
        Admission admission = new Admission(limits.maxConcurrent(), limits.maxQueue(), config.access().share(), disk);
        closing.add(new Housekeeping(disk));
        ApiKeys keys = apiKeys(home);
        ClientGuard guard = new ClientGuard(
                keys, config.access().requireKey(), config.access().limit(), new RateLimits(System::nanoTime, RateLimits.REMEMBERED), clock);
        NodeIdentity identity = new NodeIdentity(logKey.nodeId(), Version.current(), buildDigest.join(), attestation.binding());
        NodeMetrics metrics = new NodeMetrics();
        models.all().forEach(model -> metrics.watchEngine(model.binding().name(), model.engine()));
        ModelSwitch control = new ModelSwitch(files, models, opener::open, metrics);
        NodeStatus status = new NodeStatus(
                config, clock.instant(), identity, attestation, models, control, memory, metrics, ledger, logWriter, settlement, chain,
                new ChainPresence(chain.client(), clock), guard, disk);
        ResponseStore responses = new ResponseStore(clock, config.responses().lifetime(), config.responses().maxBytes());
        metrics.watchResponses(responses::count, responses::bytes);
        HttpServices services = new HttpServices(
                models,
                prices,
                settlement.facilitator(),
                ledger,
                log.reader(),
                new StoredAnchors(settlement.anchors(), chain),
                home.attestations(),
                identity,
                new ReceiptIssuer(attestation.key()),
                guard,
                admission,
                new AnswerCache(clock, AnswerCache.LIFETIME, AnswerCache.MAX_BYTES),
                responses,
                status,
                control,
                new OperatorAccess(new TokenFile(home.operatorToken(), random).token()),
                metrics,
                new HttpServices.Bounds(limits.maxBody(), limits.maxTensorBody(), limits.maxBacklog(), MAX_IN_FLIGHT, DRAIN),
                new Json(),
                clock,
                random);
        HttpApi http = closing.add(HttpApi.start(Vertx.vertx(), config.listen(), services));
        closing.add(admission::close);
        String url = config.listen().url(http.port());
        closing.add(NodeRecord.write(home, url, config.listen().tls().map(Listen.TlsFiles::certificate), chain.client().endpoint(), clock.instant()));
        NodePanel panel = new NodePanel(
                url, chosen, prices, identity, attestation, wallet.address(), chain, home, memory, config.access().requireKey());
        return new CandorNode(closing, panel, models);
    }

    private static ApiKeys apiKeys(CandorHome home) throws IOException, StartException {
        try {
            return ApiKeys.open(new ApiKeyFile(home.apiKeys()));
        } catch (KeyFileException e) {
            throw new StartException(e.getMessage());
        }
    }

    /** What a person wants to know of the node that has just started. */
    public NodePanel panel() {
        return panel;
    }

    /** What it serves, for who runs it within another program. */
    public Models models() {
        return models;
    }

    /** Refuses new requests, lets those at work end for a bounded time, and stops everything, the chain last. */
    @Override
    public void close() {
        closing.close();
    }
}
