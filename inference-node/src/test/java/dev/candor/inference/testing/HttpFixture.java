package dev.candor.inference.testing;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.appraisal.AppraisalPolicy;
import dev.candor.attestation.crypto.EvmAddress;
import dev.candor.attestation.crypto.Secp256k1KeyPair;
import dev.candor.attestation.digest.Digest;
import dev.candor.attestation.evidence.Attestation;
import dev.candor.attestation.evidence.KeyStatement;
import dev.candor.attestation.evidence.SoftwareAttester;
import dev.candor.attestation.receipt.EvidenceBinding;
import dev.candor.attestation.receipt.ModelBinding;
import dev.candor.attestation.receipt.ReceiptIssuer;
import dev.candor.attestation.tlog.LogKey;
import dev.candor.attestation.tlog.TileLog;
import dev.candor.inference.config.Access;
import dev.candor.inference.config.Listen;
import dev.candor.inference.http.Admission;
import dev.candor.inference.http.AnchorSource;
import dev.candor.inference.http.AnswerCache;
import dev.candor.inference.http.ChatModel;
import dev.candor.inference.http.ClientGuard;
import dev.candor.inference.http.DiskGuard;
import dev.candor.inference.http.HttpApi;
import dev.candor.inference.http.HttpServices;
import dev.candor.inference.http.Models;
import dev.candor.inference.http.NodeIdentity;
import dev.candor.inference.http.NodeProbe;
import dev.candor.inference.http.OperatorAccess;
import dev.candor.inference.keys.ApiKeyFile;
import dev.candor.inference.keys.ApiKeys;
import dev.candor.inference.keys.KeyFileException;
import dev.candor.inference.limits.ClientShare;
import dev.candor.inference.limits.RateLimit;
import dev.candor.inference.limits.RateLimits;
import dev.candor.inference.metrics.NodeMetrics;
import dev.candor.inference.openai.Json;
import dev.candor.inference.openai.PromptRenderer;
import dev.candor.inference.openai.responses.ResponseStore;
import dev.candor.inference.structured.UnsupportedGrammarException;
import dev.candor.settlement.anchor.LogWriter;
import dev.candor.settlement.chain.ContractAddresses;
import dev.candor.settlement.facilitator.LocalFacilitator;
import dev.candor.settlement.facilitator.PaymentTerms;
import dev.candor.settlement.facilitator.Price;
import dev.candor.settlement.facilitator.PriceBook;
import dev.candor.settlement.ledger.Ledger;
import dev.candor.settlement.ledger.SqlDatabase;
import dev.candor.settlement.ledger.SqlLedger;
import dev.candor.settlement.scheme.UptoPermit2Scheme;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The real HTTP surface with ledger, log and facilitator, over an engine that echoes and a chain on which all are rich. */
public final class HttpFixture implements AutoCloseable {
    public static final String MODEL = "candor/echo@1";
    public static final String OPERATOR_TOKEN = "00112233445566778899aabbccddeeff";
    public static final Price PRICE = new Price(BigInteger.valueOf(1000), BigInteger.valueOf(4000));

    /** What a test may choose. */
    public record Setup(
            boolean paid, int places, int queue, int context, int maxBody, int maxTensorBody, int maxBacklog, long maxDisk, Clock clock, Access access) {
        /** One client may have all places. */
        private static final Access ALL = new Access(false, RateLimit.NONE, new ClientShare(100));

        public Setup(
                boolean paid, int places, int queue, int context, int maxBody, int maxTensorBody, int maxBacklog, long maxDisk, Clock clock) {
            this(paid, places, queue, context, maxBody, maxTensorBody, maxBacklog, maxDisk, clock, ALL);
        }

        public Setup(boolean paid, int places, int queue, int context, int maxBody, int maxBacklog, long maxDisk, Clock clock) {
            this(paid, places, queue, context, maxBody, 256 * 1024, maxBacklog, maxDisk, clock);
        }

        public Setup withMaxTensorBody(int bytes) {
            return new Setup(paid, places, queue, context, maxBody, bytes, maxBacklog, maxDisk, clock, access);
        }

        public Setup withClock(Clock other) {
            return new Setup(paid, places, queue, context, maxBody, maxTensorBody, maxBacklog, maxDisk, other, access);
        }

        public Setup withAccess(Access other) {
            return new Setup(paid, places, queue, context, maxBody, maxTensorBody, maxBacklog, maxDisk, clock, other);
        }

        public static Setup free() {
            return new Setup(false, 4, 4, 4096, 64 * 1024, 1024 * 1024, Long.MAX_VALUE, Clock.systemUTC());
        }

        public static Setup paying() {
            return new Setup(true, 4, 60, 4096, 64 * 1024, 1024 * 1024, Long.MAX_VALUE, Clock.systemUTC());
        }
    }

    public final Path home;
    public final EchoEngine engine;
    public final Ledger ledger;
    public final PriceBook prices;
    public final Secp256k1KeyPair receiptKey;
    public final Attestation attestation;
    public final UptoPermit2Scheme scheme = new UptoPermit2Scheme(31_337, ContractAddresses.PERMIT2, ContractAddresses.UPTO_PROXY);
    public final DiskGuard disk;
    public final Models models;
    public final FixtureControl control;
    private final SqlDatabase database;
    private final TileLog log;
    private final LogWriter logWriter;
    private final HttpServices services;
    private final HttpApi http;

    public HttpFixture(Path home, Setup setup) throws IOException {
        this(home, setup, Function.identity());
    }

    /** @param around wraps the ledger, to make it fail */
    public HttpFixture(Path home, Setup setup, Function<Ledger, Ledger> around) throws IOException {
        SecureRandom random = new SecureRandom();
        this.home = home;
        engine = new EchoEngine(setup.context(), setup.places() + setup.queue());
        database = SqlDatabase.open(home.resolve("ledger.db"));
        Ledger real = new SqlLedger(database, setup.clock());
        ledger = around.apply(real);
        LogKey logKey = LogKey.generate(random);
        log = TileLog.open(home.resolve("log"), logKey);
        logWriter = LogWriter.start(real, log, setup.clock());
        receiptKey = Secp256k1KeyPair.generate(random);
        attestation = attest(logKey, home.resolve("attestations"));
        prices = new PriceBook(setup.clock());
        if (setup.paid()) {
            prices.set(MODEL, PRICE);
        }
        disk = new DiskGuard(home, List.of(home), setup.maxDisk());
        models = new Models(List.of(model()));
        control = new FixtureControl(models);
        services = services(home, setup, random);
        services.metrics().watchEngine(MODEL, engine);
        http = HttpApi.start(Vertx.vertx(), new Listen("127.0.0.1", 0, Optional.empty(), false), services);
    }

    private HttpServices services(Path home, Setup setup, SecureRandom random) {
        PaymentTerms terms = PaymentTerms.of(address(3), "OpenGradient", "1", address(4), address(5), BigInteger.TEN.pow(24));
        Digest policy = AppraisalPolicy.standard().digest();
        EvidenceBinding evidence = new EvidenceBinding("software", attestation.evidence().digest(), Optional.empty(), policy);
        return new HttpServices(
                models,
                prices,
                new LocalFacilitator(scheme, terms, ledger, new RichPayers(setup.clock()), setup.clock()),
                ledger,
                log.reader(),
                new NoAnchors(),
                home.resolve("attestations"),
                new NodeIdentity(attestation.statement().nodeId(), "test", Digest.sha256(), evidence),
                new ReceiptIssuer(receiptKey),
                guard(home, setup),
                new Admission(setup.places(), setup.queue(), setup.access().share(), disk),
                new AnswerCache(setup.clock(), AnswerCache.LIFETIME, AnswerCache.MAX_BYTES),
                new ResponseStore(setup.clock(), ResponseStore.LIFETIME, ResponseStore.MAX_BYTES),
                new EngineProbe(models),
                control,
                new OperatorAccess(OPERATOR_TOKEN),
                new NodeMetrics(),
                new HttpServices.Bounds(setup.maxBody(), setup.maxTensorBody(), setup.maxBacklog(), 256, Duration.ofSeconds(3)),
                new Json(),
                setup.clock(),
                random);
    }

    private static ClientGuard guard(Path home, Setup setup) {
        try {
            RateLimits limits = new RateLimits(() -> ChronoUnit.NANOS.between(Instant.EPOCH, setup.clock().instant()), RateLimits.REMEMBERED);
            return new ClientGuard(
                    ApiKeys.open(new ApiKeyFile(home.resolve("api-keys"))), setup.access().requireKey(), setup.access().limit(), limits, setup.clock());
        } catch (IOException | KeyFileException e) {
            throw new IllegalStateException(e);
        }
    }

    private ChatModel model() {
        return new ChatModel(
                new ModelBinding(MODEL, Digest.sha256(new byte[] {1})),
                Instant.EPOCH,
                new PromptRenderer(new EchoTemplate(), Map.of(), new CharTokenizer()),
                new CharTokenizer(),
                grammar -> {
                    throw new UnsupportedGrammarException("", "format", "is not for this model");
                },
                engine);
    }

    private Attestation attest(LogKey logKey, Path folder) throws IOException {
        KeyStatement statement = new KeyStatement(
                logKey.nodeId(), KeyStatement.PURPOSE, HexFormat.of().formatHex(receiptKey.compressedPublicKey()), logKey.origin(),
                logKey.verifierKey().vkey(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), "00".repeat(8));
        Attestation made = new SoftwareAttester(receiptKey, Map.of()).attest(statement);
        Files.createDirectories(folder);
        Files.writeString(folder.resolve(made.evidence().digest().hex() + ".json"), made.json().toString());
        return made;
    }

    private static EvmAddress address(int last) {
        byte[] bytes = new byte[20];
        bytes[19] = (byte) last;
        return EvmAddress.of(bytes);
    }

    /** What the server stands on, for a second one. */
    public HttpServices services() {
        return services;
    }

    public int port() {
        return http.port();
    }

    public String url() {
        return "http://127.0.0.1:" + http.port();
    }

    /** Waits until the log covers all receipts. */
    public void awaitLog() throws Exception {
        logWriter.signal();
        logWriter.awaitSize(ledger.leafCount(), Duration.ofSeconds(60));
    }

    @Override
    public void close() throws Exception {
        http.close();
        engine.release();
        engine.close();
        logWriter.close();
        log.close();
        ledger.close();
    }

    private record NoAnchors() implements AnchorSource {
        @Override
        public Optional<Anchored> covering(long leafIndex) {
            return Optional.empty();
        }
    }

    private record EngineProbe(Models models) implements NodeProbe {
        @Override
        public Optional<String> unready() {
            return models.dead().map(name -> "the engine of " + name + " has stopped");
        }

        @Override
        public ObjectNode status() {
            return JsonNodeFactory.instance.objectNode().put("version", "test");
        }
    }
}
