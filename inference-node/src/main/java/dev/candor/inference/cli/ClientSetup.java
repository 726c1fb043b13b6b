package dev.candor.inference.cli;

import dev.candor.attestation.digest.Digest;
import dev.candor.client.pay.PayableTokens;
import dev.candor.client.pay.Payer;
import dev.candor.client.pay.PaymentException;
import dev.candor.client.pay.SpendingBudget;
import dev.candor.client.pay.SpendingLimits;
import dev.candor.client.pay.WalletFile;
import dev.candor.client.sdk.NodeConnection;
import dev.candor.client.sdk.VerifyingExchange;
import dev.candor.client.verify.BundleCodec;
import dev.candor.client.verify.BundleStore;
import dev.candor.client.verify.ChainAnchorLookup;
import dev.candor.client.verify.ReceiptVerifier;
import dev.candor.client.verify.VerifyOptions;
import dev.candor.hub.catalog.ModelCatalog;
import dev.candor.inference.config.CandorHome;
import dev.candor.settlement.scheme.PaymentSigner;
import dev.candor.settlement.x402.X402Codec;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Builds, from the options, what the client commands share. */
final class ClientSetup {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    private final CandorHome home;
    private final Clock clock = Clock.systemUTC();

    ClientSetup(CandorHome home) {
        this.home = home;
    }

    /** Talks to a node; the certificate of the node that runs on this home is trusted, whoever signed it. */
    NodeConnection connect(URI node) throws IOException {
        return connect(node, Map.of());
    }

    /** As {@link #connect(URI)}. @param headers sent with every request */
    NodeConnection connect(URI node, Map<String, String> headers) throws IOException {
        HttpClient.Builder http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT_TIMEOUT);
        Optional<Path> certificate = RunningNode.of(home).filter(running -> running.is(node)).flatMap(RunningNode::certificate);
        if (certificate.isPresent()) {
            http.sslContext(PinnedCertificate.context(certificate.get()));
        }
        return new NodeConnection(http.build(), node, headers);
    }

    VerifyingExchange exchange(NodeConnection node, VerifyOptions options, SpendingLimits limits) throws IOException, PaymentException {
        return new VerifyingExchange(node, payer(limits), verifier(), options, store());
    }

    ReceiptVerifier verifier() {
        return new ReceiptVerifier(clock, new ChainAnchorLookup());
    }

    BundleStore store() {
        return new BundleStore(home.receipts(), new BundleCodec());
    }

    /** The digests of which the catalog expects one, by {@code publisher/name@version}. */
    Map<String, List<Digest>> catalogDigests() throws IOException {
        return ModelCatalog.bundled().entries().stream()
                .collect(Collectors.toMap(entry -> entry.name().toString(), entry -> entry.conversion().digests()));
    }

    private Optional<Payer> payer(SpendingLimits limits) throws IOException, PaymentException {
        var wallet = new WalletFile(home.walletKey()).read();
        if (wallet.isEmpty()) {
            return Optional.empty();
        }
        SpendingBudget budget = new SpendingBudget(limits, home.root().resolve("spending"), clock);
        return Optional.of(new Payer(
                PaymentSigner.of(wallet.get()), PayableTokens.standard().keptIn(home.contracts()), budget, new X402Codec(), clock, new SecureRandom()));
    }
}
