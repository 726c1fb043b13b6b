package dev.candor.client;

import dev.candor.attestation.appraisal.AppraisalPolicy;
import dev.candor.attestation.crypto.EvmAddress;
import dev.candor.attestation.crypto.Secp256k1KeyPair;
import dev.candor.attestation.digest.Digest;
import dev.candor.client.api.InferenceMode;
import dev.candor.client.api.SettlementMode;
import dev.candor.client.error.PaymentRefusedException;
import dev.candor.client.error.ReceiptStoreException;
import dev.candor.client.pay.PayableTokens;
import dev.candor.client.pay.Payer;
import dev.candor.client.pay.PaymentException;
import dev.candor.client.pay.SpendingBudget;
import dev.candor.client.pay.SpendingLimits;
import dev.candor.client.pay.WalletFile;
import dev.candor.client.sdk.NodeConnection;
import dev.candor.client.sdk.RetryPolicy;
import dev.candor.client.sdk.VerifyingExchange;
import dev.candor.client.verify.BundleCodec;
import dev.candor.client.verify.BundleStore;
import dev.candor.client.verify.ChainAnchorLookup;
import dev.candor.client.verify.ReceiptStore;
import dev.candor.client.verify.ReceiptVerifier;
import dev.candor.client.verify.VerifyOptions;
import dev.candor.settlement.scheme.PaymentSigner;
import dev.candor.settlement.x402.X402Codec;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a client is to be like. Without any choice it verifies every answer, uses only what is free, and keeps the last thousand receipts in memory.
 *
 * {@snippet file="dev/candor/client/examples/SetupExample.java" region="setup"}
 */
public final class CandorClientBuilder {
    private static final int KEPT_IN_MEMORY = 1_000;
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    private final URI node;
    private final Map<String, String> headers = new HashMap<>();
    private final Map<String, List<Digest>> digests = new HashMap<>();
    private Optional<PaymentSigner> wallet = Optional.empty();
    private SpendingLimits limits = SpendingLimits.standard();
    private Optional<Path> spending = Optional.empty();
    private PayableTokens tokens = PayableTokens.standard();
    private AppraisalPolicy policy = AppraisalPolicy.standard();
    private Optional<URI> rpc = Optional.empty();
    private InferenceMode mode = InferenceMode.TEE;
    private SettlementMode settlement = SettlementMode.ON_ANSWER;
    private Duration settlementTimeout = Duration.ofMinutes(5);
    private Duration timeout = Duration.ofMinutes(10);
    private int retries = 3;
    private ReceiptStore receipts = ReceiptStore.inMemory(KEPT_IN_MEMORY);
    private Optional<HttpClient> http = Optional.empty();
    private Clock clock = Clock.systemUTC();

    CandorClientBuilder(URI node) {
        if (node.getHost() == null || !("http".equals(node.getScheme()) || "https".equals(node.getScheme()))) {
            throw new IllegalArgumentException("a node is named by a URL such as http://127.0.0.1:8080, got " + node);
        }
        this.node = node;
    }

    /**
     * Pays from the account of a private key.
     *
     * @param privateKey 64 hexadecimal digits, with or without {@code 0x}
     * @throws IllegalArgumentException if it is none
     */
    public CandorClientBuilder wallet(String privateKey) {
        byte[] secret;
        try {
            secret = HexFormat.of().parseHex(privateKey.startsWith("0x") ? privateKey.substring(2) : privateKey);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("a wallet's private key is 64 hexadecimal digits, with or without 0x in front");
        }
        return wallet(PaymentSigner.of(Secp256k1KeyPair.of(secret)));
    }

    /**
     * Pays from the account whose private key is in a file, as {@link #wallet(String)} takes it.
     *
     * @throws PaymentRefusedException if there is no such file, or no key in it
     */
    public CandorClientBuilder wallet(Path keyFile) {
        try {
            Secp256k1KeyPair key = new WalletFile(keyFile).read().orElseThrow(() -> new PaymentRefusedException("there is no wallet key at " + keyFile, null));
            return wallet(PaymentSigner.of(key));
        } catch (PaymentException e) {
            throw new PaymentRefusedException(e.getMessage(), e);
        }
    }

    /** Pays from an account whose key is somewhere else. What it signs is checked before it is sent. */
    public CandorClientBuilder wallet(PaymentSigner signer) {
        wallet = Optional.of(signer);
        return this;
    }

    /** How much may be paid, in place of {@link SpendingLimits#standard()}. What is above a limit is not signed. */
    public CandorClientBuilder limits(SpendingLimits value) {
        limits = value;
        return this;
    }

    /** Counts the day's spending in a file, which other processes and later ones share, and not in memory. */
    public CandorClientBuilder spendingFile(Path file) {
        spending = Optional.of(file);
        return this;
    }

    /** Pays in {@code opg} on a chain of which this version does not know, and in no other token there. */
    public CandorClientBuilder token(long chainId, String opg) {
        tokens = tokens.with(chainId, EvmAddress.parse(opg));
        return this;
    }

    /**
     * Keeps receipts and the day's spending in a folder, {@code receipts} and {@code spending} in it; {@code ~/.candor} is that of the command
     * line. Pays also on chains whose contracts {@code contracts/addresses} in it names.
     */
    public CandorClientBuilder home(Path folder) {
        tokens = tokens.keptIn(folder.resolve("contracts").resolve("addresses"));
        return spendingFile(folder.resolve("spending")).receipts(folder.resolve("receipts"));
    }

    /** Keeps receipts in a folder, one file each. */
    public CandorClientBuilder receipts(Path folder) {
        return receipts(new BundleStore(folder, new BundleCodec()));
    }

    /** Keeps receipts in a store of one's own. */
    public CandorClientBuilder receipts(ReceiptStore store) {
        receipts = store;
        return this;
    }

    /** What proof answers must come with, unless a request says otherwise; {@link InferenceMode#TEE} if not chosen. */
    public CandorClientBuilder mode(InferenceMode value) {
        mode = value;
        return this;
    }

    /** What calls wait for; {@link SettlementMode#ON_ANSWER} if not chosen. */
    public CandorClientBuilder settlement(SettlementMode value) {
        settlement = value;
        return this;
    }

    /** How long calls wait for their settlement, after the answer; five minutes if not chosen. */
    public CandorClientBuilder settlementTimeout(Duration value) {
        settlementTimeout = positive("the settlement timeout", value);
        return this;
    }

    /** Which Evidence is good enough. */
    public CandorClientBuilder policy(AppraisalPolicy value) {
        policy = value;
        return this;
    }

    /** Takes only Evidence of real hardware. A node without is not paid: it is looked at before anything is signed. */
    public CandorClientBuilder requireHardware() {
        return policy(AppraisalPolicy.requireHardware());
    }

    /**
     * Expects the manifest digest of a model; given several times for a model, any of them. Answers of other bytes are withheld.
     *
     * @param model  {@code publisher/name@version}
     * @param sha256 64 hexadecimal digits, with or without {@code sha256:}
     * @throws IllegalArgumentException if it is no digest
     */
    public CandorClientBuilder modelDigest(String model, String sha256) {
        Digest digest = new Digest(sha256.startsWith("sha256:") ? sha256.substring("sha256:".length()) : sha256);
        digests.computeIfAbsent(model, name -> new ArrayList<>()).add(digest);
        return this;
    }

    /** The JSON-RPC endpoint of the chain, by which anchors are confirmed; without it only a chain on this machine is asked. */
    public CandorClientBuilder rpc(URI endpoint) {
        rpc = Optional.of(endpoint);
        return this;
    }

    /** How long one call may take in all, with its retries; ten minutes if not chosen. */
    public CandorClientBuilder timeout(Duration value) {
        timeout = positive("the timeout", value);
        return this;
    }

    /** How often a call is tried again after a lost connection or a passing refusal, never paying twice; three times if not chosen. */
    public CandorClientBuilder retries(int value) {
        RetryPolicy.standard(value);
        retries = value;
        return this;
    }

    /** Names the caller to nodes whose operator gives keys out. */
    public CandorClientBuilder apiKey(String key) {
        headers.put("Authorization", "Bearer " + key);
        return this;
    }

    /** Uses these connections, for proxies or certificates of one's own; they are not closed with the client. */
    public CandorClientBuilder httpClient(HttpClient client) {
        http = Optional.of(client);
        return this;
    }

    /** Takes the time from this clock. */
    public CandorClientBuilder clock(Clock value) {
        clock = value;
        return this;
    }

    private static Duration positive(String what, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(what + " must be longer than " + value);
        }
        return value;
    }

    /**
     * The client. Nothing is asked of the node yet.
     *
     * @throws ReceiptStoreException if the file that counts the spending is there and cannot be read
     */
    public CandorClient build() {
        HttpClient client = http.orElseGet(() ->
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT_TIMEOUT).build());
        SecureRandom random = new SecureRandom();
        NodeConnection connection = new NodeConnection(client, node, headers);
        SpendingBudget budget = budget();
        Optional<Payer> payer = wallet.map(signer -> new Payer(signer, tokens, budget, new X402Codec(), clock, random));
        CallErrors errors = new CallErrors(connection, payer.isPresent());
        ReceiptVerifier verifier = new ReceiptVerifier(clock, new ChainAnchorLookup());
        VerifyingExchange exchange = new VerifyingExchange(connection, payer, verifier, options(), receipts, RetryPolicy.standard(retries));
        Calls calls = new Calls(exchange, new ProofWait(exchange, connection, settlement, settlementTimeout), errors, mode, random);
        return new CandorClient(new Parts(connection, exchange, new Operations(calls), errors, receipts, budget,
                wallet.map(PaymentSigner::address), http.isPresent() ? Optional.empty() : Optional.of(client), timeout));
    }

    /** While a call waits for its settlement, what has not come is not missing. */
    private VerifyOptions options() {
        Duration pending = settlementTimeout.plusMinutes(1);
        return new VerifyOptions(policy, false, false,
                pending.compareTo(VerifyOptions.DEFAULT_MAX_PENDING) > 0 ? pending : VerifyOptions.DEFAULT_MAX_PENDING, Map.copyOf(digests), rpc);
    }

    private SpendingBudget budget() {
        try {
            return spending.isPresent() ? new SpendingBudget(limits, spending.get(), clock) : SpendingBudget.inMemory(limits, clock);
        } catch (IOException e) {
            throw new ReceiptStoreException("the count of what was spent cannot be read: " + e.getMessage(), e);
        }
    }
}
