package dev.candor.inference.openai.responses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.ErrorCode;
import dev.candor.inference.testing.TestClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ResponseStoreTest {
    private static final int KIB = 1024;
    private static final ResponseCaller KEY = new ResponseCaller(Optional.of("alice"), Optional.empty(), "10.0.0.1");
    private static final ResponseCaller OTHER_KEY = new ResponseCaller(Optional.of("bob"), Optional.empty(), "10.0.0.1");
    private static final ResponseCaller PAYER = new ResponseCaller(Optional.empty(), Optional.of("0xaa"), "10.0.0.1");
    private static final ResponseCaller OTHER_PAYER = new ResponseCaller(Optional.empty(), Optional.of("0xbb"), "10.0.0.1");
    private static final ResponseCaller HOME = new ResponseCaller(Optional.empty(), Optional.empty(), "10.0.0.1");
    private static final ResponseCaller AWAY = new ResponseCaller(Optional.empty(), Optional.empty(), "10.0.0.2");

    private final TestClock clock = new TestClock(Instant.parse("2026-01-01T00:00:00Z"));
    private final ResponseStore store = new ResponseStore(clock, Duration.ofHours(1), 400 * KIB);

    private static StoredResponse response(String id, ResponseCaller owner, Optional<String> previous, int bytes) {
        String output = "{\"id\":\"" + id + "\",\"output\":[{\"id\":\"out_" + id + "\",\"text\":\"" + "x".repeat(bytes) + "\"}]}";
        return new StoredResponse(id, owner.owner(), previous, Optional.empty(), output.getBytes(StandardCharsets.UTF_8),
                ("[{\"id\":\"in_" + id + "\"}]").getBytes(StandardCharsets.UTF_8), List.of("out_" + id, "in_" + id));
    }

    private void put(String id, ResponseCaller owner) {
        store.put(response(id, owner, Optional.empty(), 10));
    }

    @Test
    void givesAResponseToNobodyButItsOwner() {
        put("k", KEY);
        put("a", HOME);
        put("p", PAYER);

        assertThat(store.find("k", KEY)).isPresent();
        assertThat(List.of(OTHER_KEY, PAYER, HOME, AWAY)).noneMatch(other -> store.find("k", other).isPresent());
        assertThat(store.find("a", HOME)).isPresent();
        assertThat(store.find("a", AWAY)).isEmpty();
        assertThat(store.find("p", PAYER)).isPresent();
        assertThat(store.find("p", AWAY)).as("who knows the id and shows no other payer").isPresent();
        assertThat(store.find("p", OTHER_PAYER)).isEmpty();
        assertThat(store.find("x", KEY)).isEmpty();
    }

    @Test
    void deletesForNobodyButItsOwner() {
        put("k", KEY);

        assertThat(store.delete("k", OTHER_KEY)).isFalse();
        assertThat(store.holder("out_k", OTHER_KEY)).isEmpty();
        assertThat(store.holder("out_k", KEY)).isPresent();
        assertThat(store.holder("in_k", KEY)).isPresent();
        assertThat(store.delete("k", KEY)).isTrue();
        assertThat(store.delete("k", KEY)).isFalse();
        assertThat(store.find("k", KEY)).isEmpty();
        assertThat(store.holder("out_k", KEY)).isEmpty();
    }

    @Test
    void keepsAResponseForItsTimeAndNotASecondMore() {
        put("k", KEY);
        clock.advance(Duration.ofHours(1).minusSeconds(1));
        assertThat(store.find("k", KEY)).isPresent();
        assertThat(store.count()).isEqualTo(1);

        clock.advance(Duration.ofSeconds(1));

        assertThat(store.bytes()).isZero();
        assertThat(store.count()).isZero();
        assertThat(store.find("k", KEY)).isEmpty();
    }

    @Test
    void keepsAConversationThatGoesOn() throws Exception {
        put("a", KEY);
        store.put(response("b", KEY, Optional.of("a"), 10));
        clock.advance(Duration.ofMinutes(50));

        assertThat(store.conversation("b", KEY)).extracting(StoredResponse::id).containsExactly("a", "b");

        clock.advance(Duration.ofMinutes(50));
        assertThat(store.conversation("b", KEY)).hasSize(2);
        assertThat(store.holder("out_a", KEY)).isPresent();
    }

    @Test
    void saysWhichPartOfAConversationIsGone() {
        put("a", KEY);
        store.put(response("b", KEY, Optional.of("a"), 10));
        store.delete("a", KEY);

        ApiException gone = catchThrowableOfType(ApiException.class, () -> store.conversation("b", KEY));
        ApiException unknown = catchThrowableOfType(ApiException.class, () -> store.conversation("c", KEY));
        ApiException others = catchThrowableOfType(ApiException.class, () -> store.conversation("b", OTHER_KEY));

        assertThat(gone.error()).isEqualTo(ErrorCode.PREVIOUS_RESPONSE_NOT_FOUND);
        assertThat(gone.getMessage()).contains("'b'").contains("continues 'a'");
        assertThat(unknown.param()).contains("previous_response_id");
        assertThat(others.getMessage()).isEqualTo(unknown.getMessage().replace("'c'", "'b'"));
    }

    @Test
    void boundsTheLengthOfAConversation() throws Exception {
        ResponseStore large = new ResponseStore(clock, Duration.ofHours(1), 1L << 30);
        large.put(response("r0", KEY, Optional.empty(), 1));
        for (int i = 1; i <= ResponseStore.MAX_CHAIN; i++) {
            large.put(response("r" + i, KEY, Optional.of("r" + (i - 1)), 1));
        }

        assertThat(large.conversation("r" + (ResponseStore.MAX_CHAIN - 1), KEY)).hasSize(ResponseStore.MAX_CHAIN);
        ApiException refusal = catchThrowableOfType(ApiException.class, () -> large.conversation("r" + ResponseStore.MAX_CHAIN, KEY));
        assertThat(refusal.error()).isEqualTo(ErrorCode.INVALID_VALUE);
        assertThat(refusal.getMessage()).contains("256");
    }

    @Test
    void boundsTheBytesOfAConversation() throws Exception {
        ResponseStore large = new ResponseStore(clock, Duration.ofHours(1), 1L << 30);
        int half = (int) ResponseStore.MAX_CONVERSATION / 2;
        large.put(response("a", KEY, Optional.empty(), half));
        large.put(response("b", KEY, Optional.of("a"), half));

        assertThat(large.conversation("a", KEY)).hasSize(1);
        assertThat(catchThrowableOfType(ApiException.class, () -> large.conversation("b", KEY)).getMessage()).contains("16 MiB");
    }

    @Test
    void forgetsTheOldestOfAnOwnerWithMoreThanItsShareAndNothingOfOthers() {
        put("b", OTHER_KEY);
        for (int i = 0; i < 10; i++) {
            store.put(response("k" + i, KEY, Optional.empty(), 20 * KIB));
        }

        assertThat(store.find("k9", KEY)).isPresent();
        assertThat(store.find("k6", KEY)).isPresent();
        assertThat(store.find("k5", KEY)).isEmpty();
        assertThat(store.find("b", OTHER_KEY)).isPresent();
    }

    @Test
    void takesFromTheOwnerThatHasMostOnceAllBytesAreUsedUp() {
        for (int i = 0; i < 4; i++) {
            store.put(response("k" + i, KEY, Optional.empty(), 20 * KIB));
        }
        for (int i = 0; i < 40; i++) {
            store.put(response("a" + i, new ResponseCaller(Optional.empty(), Optional.empty(), "10.1.0." + i), Optional.empty(), 8 * KIB));
        }

        assertThat(store.find("k0", KEY)).isEmpty();
        assertThat(store.find("a0", new ResponseCaller(Optional.empty(), Optional.empty(), "10.1.0.0"))).isPresent();
        assertThat(store.find("a39", new ResponseCaller(Optional.empty(), Optional.empty(), "10.1.0.39"))).isPresent();
    }

    @Test
    void keepsNothingLargerThanAnOwnersShareAndLosesNothingForIt() {
        put("small", KEY);
        store.put(response("large", KEY, Optional.empty(), 100 * KIB));

        assertThat(store.find("large", KEY)).isEmpty();
        assertThat(store.find("small", KEY)).isPresent();
    }

    @Test
    void keepsNothingWhereItIsSwitchedOffAndSaysSo() {
        ResponseStore off = new ResponseStore(clock, Duration.ZERO, ResponseStore.MAX_BYTES);
        off.put(response("k", KEY, Optional.empty(), 1));

        assertThat(off.keeps()).isFalse();
        assertThat(off.find("k", KEY)).isEmpty();
        assertThat(catchThrowableOfType(ApiException.class, () -> off.conversation("k", KEY)).getMessage()).contains("keeps no responses");
    }
}
