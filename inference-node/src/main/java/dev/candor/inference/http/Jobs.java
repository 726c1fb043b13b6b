package dev.candor.inference.http;

import dev.candor.attestation.digest.Digest;
import dev.candor.attestation.receipt.ClientNonce;
import dev.candor.attestation.receipt.ReceiptId;
import dev.candor.attestation.receipt.Verification;
import dev.candor.inference.engine.EngineInfo;
import dev.candor.inference.engine.ServiceTerms;
import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.Completion;
import dev.candor.inference.openai.ErrorCode;
import dev.candor.inference.openai.Service;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalLong;

/** What every request has beside its body, and what it leaves open. Thread-safe. */
final class Jobs {
    private static final String NONCE_HEADER = "Candor-Nonce";
    /** JSON numbers of clients are doubles: larger seeds would not survive them. */
    private static final long SEED_MASK = (1L << 53) - 1;

    private final ServiceRules rules = new ServiceRules(System::nanoTime);
    private final Clock clock;
    private final SecureRandom random;

    Jobs(Clock clock, SecureRandom random) {
        this.clock = clock;
        this.random = random;
    }

    Optional<String> nonce(Exchange exchange) throws ApiException {
        Optional<String> header = exchange.header(NONCE_HEADER);
        try {
            return header.map(ClientNonce::parse);
        } catch (IllegalArgumentException e) {
            throw new ApiException(ErrorCode.INVALID_VALUE, e.getMessage(), NONCE_HEADER);
        }
    }

    /** The time of a request that comes now, as its answer says it, in whole seconds. */
    Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }

    /** How a request is to be served. @throws ApiException if a header that says so cannot be read */
    ServiceTerms terms(Exchange exchange, Service service, Verification verification) throws ApiException {
        return rules.terms(exchange, service, verification);
    }

    /** When a request is to be ended. @throws ApiException if the header that says so cannot be read */
    OptionalLong deadline(Exchange exchange) throws ApiException {
        return rules.deadline(exchange);
    }

    /** The request's seed, or one that is drawn. */
    long seed(OptionalLong asked) {
        return asked.orElseGet(() -> random.nextLong() & SEED_MASK);
    }

    /** {@code resp_} and 192 random bits, which make it a secret. */
    String responseId() {
        byte[] id = new byte[24];
        random.nextBytes(id);
        return "resp_" + HexFormat.of().formatHex(id);
    }

    ReceiptId receiptId() {
        return ReceiptId.random(random);
    }

    /** What all parts of an answer share. @param prefix of its id */
    Completion completion(String prefix, ChatModel model, Instant created) {
        byte[] id = new byte[12];
        random.nextBytes(id);
        EngineInfo engine = model.engine().info();
        byte[] what = (model.binding().digest().hex() + engine.determinismClass()).getBytes(StandardCharsets.UTF_8);
        String fingerprint = "fp_" + Digest.sha256(what).hex().substring(0, 16);
        return new Completion(prefix + HexFormat.of().formatHex(id), created.getEpochSecond(), model.binding().name(), fingerprint);
    }
}
