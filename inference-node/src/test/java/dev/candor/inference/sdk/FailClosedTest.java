package dev.candor.inference.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candor.client.CandorClient;
import dev.candor.client.ChatStream;
import dev.candor.client.api.ChatAnswer;
import dev.candor.client.api.InferenceMode;
import dev.candor.client.error.UnverifiedAnswerException;
import dev.candor.client.verify.CheckName;
import dev.candor.client.verify.CheckResult;
import dev.candor.inference.testing.HttpFixture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What a client withholds. */
class FailClosedTest extends SdkFixture {
    @Test
    void withholdsAnAnswerWithOneChangedBit() throws Exception {
        start(HttpFixture.Setup.paying());
        relay.change(flipped("\"content\":\"hello"));
        try (CandorClient candor = paying().build()) {
            assertThatThrownBy(() -> candor.chat(question())).isInstanceOfSatisfying(UnverifiedAnswerException.class, e -> {
                assertThat(e.report().orElseThrow().checks()).anyMatch(check -> check.name() == CheckName.OUTPUT && check.result() == CheckResult.FAILED);
                assertThat(e.bundle()).isPresent();
                assertThat(e.getMessage()).contains("output failed").doesNotContain("helln");
            });
            assertThat(candor.spentToday()).as("a node that lied can still settle the cap").isEqualTo(CAP);
        }
    }

    @Test
    void endsAStreamWithOneChangedBitInAnException() throws Exception {
        start(HttpFixture.Setup.free());
        relay.change(flipped("\"content\":\"h"));
        try (CandorClient candor = free().build(); ChatStream stream = candor.stream(question())) {
            assertThatThrownBy(() -> stream.text().toList()).isInstanceOf(UnverifiedAnswerException.class);
            assertThatThrownBy(stream::answer).isInstanceOf(UnverifiedAnswerException.class);
        }
    }

    @Test
    void withholdsAnAnswerWithoutAReceiptUnlessNoneWasAskedFor() throws Exception {
        start(HttpFixture.Setup.free());
        try (CandorClient none = free().mode(InferenceMode.NONE).build(); CandorClient candor = free().build()) {
            ChatAnswer answer = none.chat(question());
            assertThat(answer.text()).isEqualTo(TEXT);
            assertThat(answer.proof()).isEmpty();
            assertThatThrownBy(answer::receipt).isInstanceOf(IllegalStateException.class).hasMessageContaining("InferenceMode.NONE");
            assertThat(none.stream(question(), text -> {}).usage().completionTokens()).isEqualTo(TEXT.length() + 1);

            relay.change(replaced("\"candor\":", "\"candid\":"));
            assertThatThrownBy(() -> candor.chat(question())).isInstanceOf(UnverifiedAnswerException.class).hasMessageContaining("carries no receipt");
        }
    }

    @Test
    void withholdsAnOldAnswerToTheSameQuestion() throws Exception {
        start(HttpFixture.Setup.free());
        AtomicReference<byte[]> old = new AtomicReference<>();
        relay.change(body -> {
            old.compareAndSet(null, body);
            return old.get();
        });
        try (CandorClient candor = free().build()) {
            assertThat(candor.chat(question()).text()).isEqualTo(TEXT);
            assertThatThrownBy(() -> candor.chat(question())).isInstanceOf(UnverifiedAnswerException.class).hasMessageContaining("nonce");
        }
    }

    @Test
    void withholdsAnAnswerOfAnotherModelThanExpected() throws Exception {
        start(HttpFixture.Setup.free());
        String other = "ab".repeat(32);
        try (CandorClient candor = free().modelDigest(MODEL, other).build()) {
            assertThatThrownBy(() -> candor.chat(question())).isInstanceOf(UnverifiedAnswerException.class).hasMessageContaining("model digest failed");
            String digest = candor.model(MODEL).orElseThrow().digest();
            try (CandorClient both = free().modelDigest(MODEL, other).modelDigest(MODEL, "sha256:" + digest).build()) {
                assertThat(both.chat(question()).text()).isEqualTo(TEXT);
            }
        }
    }

    @Test
    void paysNoNodeWithoutHardwareWhereHardwareIsWanted() throws Exception {
        start(HttpFixture.Setup.paying());
        try (CandorClient candor = paying().requireHardware().build()) {
            assertThatThrownBy(() -> candor.chat(question()))
                    .isInstanceOf(UnverifiedAnswerException.class)
                    .hasMessageContaining("nothing was paid")
                    .hasMessageContaining("software");
            assertThat(relay.payments()).isZero();
            assertThat(candor.spentToday()).isZero();
        }
    }

    @Test
    void withholdsTheFreeAnswerOfANodeWithoutHardwareWhereHardwareIsWanted() throws Exception {
        start(HttpFixture.Setup.free());
        try (CandorClient candor = free().requireHardware().build()) {
            assertThatThrownBy(() -> candor.chat(question())).isInstanceOf(UnverifiedAnswerException.class).hasMessageContaining("appraisal failed");
        }
    }
}
