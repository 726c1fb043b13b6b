package dev.candor.inference.http;

import dev.candor.attestation.digest.Digest;
import dev.candor.attestation.receipt.ClientNonce;
import dev.candor.attestation.receipt.ReceiptId;
import dev.candor.inference.engine.EngineInfo;
import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.ChatRequest;
import dev.candor.inference.openai.Completion;
import dev.candor.inference.openai.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HexFormat;
import java.util.Optional;

/** Makes {@link Job}s: draws what the request leaves open. Thread-safe. */
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

    /** @throws ApiException if a header that says how to serve the request cannot be read */
    Job make(
            Exchange exchange,
            ChatRequest request,
            Digest bodyDigest,
            ChatModel model,
            ChatModel.Prompt prompt,
            Optional<String> nonce)
            throws ApiException {
        ReceiptId receipt = ReceiptId.random(random);
        long seed = request.seed().orElseGet(() -> random.nextLong() & SEED_MASK);
        return new Job(exchange.path(), request, bodyDigest, model, prompt, seed, rules.terms(exchange, request), nonce, Optional.empty(), receipt, completion(model));
    }

    private Completion completion(ChatModel model) {
        byte[] id = new byte[12];
        random.nextBytes(id);
        EngineInfo engine = model.engine().info();
        String fingerprint = "fp_" + Digest.sha256((model.binding().digest().hex() + engine.determinismClass()).getBytes(StandardCharsets.UTF_8)).hex().substring(0, 16);
        return new Completion("chatcmpl-" + HexFormat.of().formatHex(id), clock.instant().getEpochSecond(), model.binding().name(), fingerprint);
    }
}
