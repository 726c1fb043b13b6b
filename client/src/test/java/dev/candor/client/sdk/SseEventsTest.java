package dev.candor.client.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SseEventsTest {
    private static final String STREAM = "data: {\"a\":\"é\"}\n\n: candor-receipt abc\n\nevent: x\ndata: 1\ndata: 2\n\ndata: [DONE]\n\n";

    @Test
    void cutsBlocksAlikeHoweverTheBytesArriveAndKeepsEveryByte() throws NodeException {
        byte[] bytes = STREAM.getBytes(StandardCharsets.UTF_8);
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            SseEvents events = new SseEvents(1000);
            List<String> blocks = new ArrayList<>();
            for (int at = 0; at < bytes.length; ) {
                int length = Math.min(1 + random.nextInt(9), bytes.length - at);
                byte[] piece = new byte[9];
                System.arraycopy(bytes, at, piece, 0, length);
                events.feed(piece, length).forEach(block -> blocks.add(new String(block, StandardCharsets.UTF_8)));
                at += length;
            }
            assertThat(blocks)
                    .containsExactly(
                            "data: {\"a\":\"é\"}\n\n", ": candor-receipt abc\n\n", "event: x\ndata: 1\ndata: 2\n\n", "data: [DONE]\n\n");
            assertThat(events.whole()).isEqualTo(bytes);
        }
    }

    @Test
    void readsTheDataOfABlockAndKnowsTheEndAndTheReceipt() {
        assertThat(SseData.of(bytes("event: x\ndata: 1\ndata: 2\n\n"))).isEqualTo("1\n2");
        assertThat(SseData.of(bytes(": comment\n\n"))).isEmpty();
        assertThat(SseEvents.isDone(bytes("data: [DONE]\n\n"))).isTrue();
        assertThat(SseEvents.isCandorPart(bytes(": candor-tokens x\n\n"))).isTrue();
        assertThat(SseEvents.isCandorPart(bytes("event: candor.receipt\ndata: {}\n\n"))).isTrue();
        assertThat(SseEvents.isCandorPart(bytes("data: {}\n\n"))).isFalse();
    }

    @Test
    void refusesAStreamPastItsBound() {
        SseEvents events = new SseEvents(10);
        assertThatThrownBy(() -> events.feed(new byte[11], 11)).isInstanceOf(NodeException.class).hasMessageContaining("10 bytes");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
