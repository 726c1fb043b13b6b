package dev.candor.inference.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.candor.client.verify.BundleCodec;
import dev.candor.client.verify.BundleException;
import dev.candor.client.verify.ReceiptVerifier;
import dev.candor.inference.replay.ReplayableReceipt;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever is sent to be replayed, it is read, or refused with an error that names what is wrong; no saved receipt breaks its check. */
class ReplayRequestFuzzTest {
    private static final String GOOD = """
            {"model":"m@1","verification":"none","bundle":{"v":1,"id":"rcpt_00112233445566778899aabbccddeeff","node":"http://127.0.0.1:1",
            "receipt":"0oRYc6QBOC4DeCNhcHBsaWNhdGlvbg","exchange":{"path":"/v1/chat/completions","request":"e30","format":"json","response":"e30",
            "nonce":"0011223344556677","token_ids":[[1,2,3]]},"attestation":{},"payment":null,"proof":{},"anchor":{}}}""";
    private static final List<String> TOKENS = List.of(
            "{", "}", "[", "]", ",", ":", "\"", "null", "-1", "1e99", "4294967295", "\"bundle\"", "\"exchange\"", "\"token_ids\"", "[[[[[[[[", "\\ud800", "%%", " ");

    private final Json json = new Json();
    private final BundleCodec codec = new BundleCodec();
    private final ReceiptVerifier verifier = new ReceiptVerifier(Clock.systemUTC(), (rpc, anchor, statement) -> "");

    @FuzzTest(maxDuration = "2m")
    void readsOrRefuses(byte[] body) {
        check(body);
    }

    private void check(byte[] body) {
        try {
            ReplayRequest request = ReplayRequest.parse(body, json);
            ReplayableReceipt saved = ReplayableReceipt.of(codec.read(json.bytes(request.bundle())), verifier);
            assertThat(saved.receipt().isPresent() || !saved.failures().isEmpty()).isTrue();
        } catch (ApiException refusal) {
            assertThat(refusal.error().status()).isBetween(400, 499);
            assertThat(refusal.getMessage()).isNotBlank();
        } catch (BundleException refusal) {
            assertThat(refusal.getMessage()).isNotBlank();
        }
    }

    @Test
    void survivesMutatedRequests() {
        Random random = new Random(20261121);
        assertThatCode(() -> ReplayRequest.parse(GOOD.getBytes(StandardCharsets.UTF_8), json)).doesNotThrowAnyException();
        for (int i = 0; i < 400; i++) {
            StringBuilder body = new StringBuilder(GOOD);
            for (int change = 0; change <= random.nextInt(3); change++) {
                int at = random.nextInt(body.length());
                switch (random.nextInt(3)) {
                    case 0 -> body.insert(at, TOKENS.get(random.nextInt(TOKENS.size())));
                    case 1 -> body.delete(at, Math.min(body.length(), at + 1 + random.nextInt(12)));
                    default -> body.replace(at, Math.min(body.length(), at + 1 + random.nextInt(8)), TOKENS.get(random.nextInt(TOKENS.size())));
                }
            }
            check(body.toString().getBytes(StandardCharsets.UTF_8));
        }
    }
}
