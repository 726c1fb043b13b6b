package dev.candor.inference.node;

import dev.candor.attestation.receipt.ReceiptIssuer;
import dev.candor.attestation.tlog.LogKey;
import dev.candor.attestation.tlog.TileLog;
import dev.candor.hub.catalog.ModelCatalog;
import dev.candor.hub.manifest.VerifiedModel;
import dev.candor.inference.config.CandorHome;
import dev.candor.inference.config.Limits;
import dev.candor.inference.config.Listen;
import dev.candor.inference.config.ModelPrice;
import dev.candor.inference.config.NodeConfig;
import dev.candor.inference.engine.ort.NativeSet;
import dev.candor.inference.engine.ort.cuda.CudaProbe;
import dev.candor.inference.engine.ort.cuda.DecoderRunners;
import dev.candor.inference.http.Admission;
import dev.candor.inference.http.AnswerCache;
import dev.candor.inference.http.DiskGuard;
import dev.candor.inference.http.HttpApi;
import dev.candor.inference.http.HttpServices;
import dev.candor.inference.http.Models;
import dev.candor.inference.http.NodeIdentity;
import dev.candor.inference.http.OperatorAccess;
import dev.candor.inference.metrics.NodeMetrics;
import dev.candor.inference.openai.Json;
import dev.candor.settlement.anchor.AnchorPace;
import dev.candor.settlement.anchor.AnchorWorker;
import dev.candor.settlement.anchor.LogWriter;
import dev.candor.settlement.anchor.SqlAnchorStore;
import dev.candor.settlement.chain.AnchorContract;
import dev.candor.settlement.chain.ChainAccount;
import dev.candor.settlement.chain.ChainSetupException;
import dev.candor.settlement.chain.ContractAddresses;
import dev.candor.settlement.chain.ChainPresence;
import dev.candor.settlement.chain.Outbox;
import dev.candor.settlement.chain.PayerChainReader;
import dev.candor.settlement.facilitator.LocalFacilitator;
import dev.candor.settlement.facilitator.PaymentTerms;
import dev.candor.settlement.facilitator.Price;
import dev.candor.settlement.facilitator.PriceBook;
import dev.candor.settlement.facilitator.SettlementWorker;
import dev.candor.settlement.ledger.SqlDatabase;
import dev.candor.settlement.ledger.SqlLedger;
import dev.candor.settlement.scheme.UptoPermit2Scheme;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A running node: everything it is made of, and who gets what. {@link #close} drains and stops all of it, last started first.
 */
public final class CandorNode implements AutoCloseable {
    private static final String TOKEN_NAME = "OpenGradient";
    private static final String TOKEN_VERSION = "1";
    private static final int MAX_IN_FLIGHT = 1024;
    private static final Duration DRAIN = Duration.ofSeconds(8);

    private final Closing closing;
    private final NodePanel panel;

    private CandorNode(Closing closing, NodePanel panel) {
        this.closing = closing;
        this.panel = panel;
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

        ContractAddresses addresses = chain.addresses();
        Outbox outbox = closing.add(Outbox.start(database, chain.client(), chain.id(), operator, chain.outbox(), clock));
        chain.devChain().ifPresent(dev -> dev.mineWhile(outbox::hasUnconfirmed));
        PayerChainReader payers = new PayerChainReader(chain.client(), addresses, clock);
        UptoPermit2Scheme scheme = new UptoPermit2Scheme(chain.id(), addresses.permit2(), addresses.uptoProxy());
        SettlementWorker settlement = closing.add(
                new SettlementWorker(ledger, outbox, chain.client(), scheme, addresses, payers, clock));
        settlement.start();
        AnchorContract contract = new AnchorContract(chain.client(), addresses.anchor().orElseThrow());
        SqlAnchorStore anchors = new SqlAnchorStore(database, chain.id(), contract.address(), operator.address());
        AnchorWorker anchorWorker = closing.add(new AnchorWorker(
                log::checkpoint, outbox, chain.client(), contract, anchors, AnchorPace.standard(), clock));
        anchorWorker.start();

        PaymentTerms terms = PaymentTerms.of(
                addresses.opg(), TOKEN_NAME, TOKEN_VERSION,
                config.payments().payTo().orElse(operator.address()), operator.address(), config.payments().maxExposure());
        LocalFacilitator facilitator = new LocalFacilitator(scheme, terms, ledger, payers, clock);
        PriceBook prices = new PriceBook(clock);
        opened.get();
        if (!config.payments().free()) {
            setPrices(chosen, config.payments().prices(), new PriceMemory(home.prices()), prices);
        }

        DiskGuard disk = new DiskGuard(home.root(), List.of(home.ledger(), home.log(), home.chain()), limits.maxDisk());
        Admission admission = new Admission(limits.maxConcurrent(), limits.maxQueue(), disk);
        closing.add(new Housekeeping(disk));
        NodeIdentity identity = new NodeIdentity(logKey.nodeId(), Version.current(), buildDigest.join(), attestation.binding());
        NodeMetrics metrics = new NodeMetrics();
        models.all().forEach(model -> metrics.watchEngine(model.binding().name(), model::stats));
        ModelSwitch control = new ModelSwitch(files, models, opener::open, metrics);
        NodeStatus status = new NodeStatus(
                config, clock.instant(), identity, attestation, models, control, memory, metrics, ledger, logWriter, anchors, chain, outbox,
                new ChainPresence(chain.client(), clock), disk);
        HttpServices services = new HttpServices(
                models,
                prices,
                facilitator,
                ledger,
                log.reader(),
                new StoredAnchors(anchors, chain),
                home.attestations(),
                identity,
                new ReceiptIssuer(attestation.key()),
                admission,
                new AnswerCache(clock, AnswerCache.LIFETIME, AnswerCache.MAX_BYTES),
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
        return new CandorNode(closing, new NodePanel(url, chosen, prices, identity, attestation, wallet.address(), chain, home, memory));
    }

    private static void setPrices(List<NodeModel> models, List<ModelPrice> asked, PriceMemory memory, PriceBook prices)
            throws IOException, StartException {
        for (ModelPrice price : asked) {
            if (models.stream().noneMatch(model -> price.isOf(model.name().toString()))) {
                throw new StartException("--price names " + price.model() + ", which --model does not");
            }
        }
        for (NodeModel model : models) {
            String name = model.name().toString();
            Optional<Price> price = asked.stream()
                    .filter(each -> each.isOf(name))
                    .map(each -> new Price(each.input(), each.output()))
                    .findFirst()
                    .or(() -> model.price().map(each -> new Price(each.input(), each.output())));
            if (price.isPresent()) {
                memory.set(prices, name, price.get());
            }
        }
    }

    /** What a person wants to know of the node that has just started. */
    public NodePanel panel() {
        return panel;
    }

    /** Refuses new requests, lets those at work end for a bounded time, and stops everything, the chain last. */
    @Override
    public void close() {
        closing.close();
    }
}
