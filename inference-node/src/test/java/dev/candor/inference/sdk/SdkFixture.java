package dev.candor.inference.sdk;

import dev.candor.attestation.crypto.Secp256k1KeyPair;
import dev.candor.client.CandorClient;
import dev.candor.client.CandorClientBuilder;
import dev.candor.client.api.ChatRequest;
import dev.candor.inference.testing.HttpFixture;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** A node with the echoing model, and a relay before it. */
abstract class SdkFixture {
    static final String MODEL = HttpFixture.MODEL;
    static final String TEXT = "hello there";
    private static final BigInteger PROMPT_COST = BigInteger.valueOf(("user:" + TEXT).length() * 1000L);
    static final BigInteger CHARGE = PROMPT_COST.add(BigInteger.valueOf((TEXT.length() + 1) * 4000L));
    static final BigInteger CAP = PROMPT_COST.add(BigInteger.valueOf(100 * 4000L));

    @TempDir
    Path folder;

    HttpFixture node;
    FaultyRelay relay;

    void start(HttpFixture.Setup setup) throws Exception {
        node = new HttpFixture(folder.resolve("node"), setup);
        relay = new FaultyRelay(node.url());
    }

    @AfterEach
    void stop() throws Exception {
        relay.close();
        node.close();
    }

    CandorClientBuilder free() {
        return CandorClient.connect(relay.url());
    }

    CandorClientBuilder paying() {
        return free().wallet(HexFormat.of().formatHex(Secp256k1KeyPair.generate(new SecureRandom()).secret()));
    }

    static ChatRequest question() {
        return ChatRequest.builder(MODEL).ask(TEXT).maxTokens(100).build();
    }

    /** Changes the lowest bit of the last byte of {@code place}, where it comes first. */
    static UnaryOperator<byte[]> flipped(String place) {
        return body -> {
            int at = new String(body, StandardCharsets.ISO_8859_1).indexOf(place);
            if (at < 0) {
                return body;
            }
            byte[] changed = body.clone();
            changed[at + place.length() - 1] ^= 1;
            return changed;
        };
    }

    static UnaryOperator<byte[]> replaced(String from, String to) {
        return body -> new String(body, StandardCharsets.UTF_8).replace(from, to).getBytes(StandardCharsets.UTF_8);
    }
}
