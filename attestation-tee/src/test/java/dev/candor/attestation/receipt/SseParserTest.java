package dev.candor.attestation.receipt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SseParserTest {
    @Test
    void fieldsCommentsAndLineEndsAreReadAsTheStandardSays() throws Exception {
        assertThat(parse("\ufeffdata: a\n\n")).containsExactly(new SseEvent("message", "a"));
        assertThat(parse("data:a\r\ndata:  b\r\n\r\n")).containsExactly(new SseEvent("message", "a\n b"));
        assertThat(parse("event: x\rdata\r\r")).containsExactly(new SseEvent("x", ""));
        assertThat(parse(": comment\nid: 1\nretry: 5\nother: y\n\n")).isEmpty();
        assertThat(parse("event: x\n\ndata: a\n\n")).containsExactly(new SseEvent("message", "a"));
        assertThat(parse("data: cut short\n")).isEmpty();
    }

    @Test
    void theResultDoesNotDependOnHowTheBytesArrive() throws Exception {
        byte[] stream = "data: \u6d77\r\ndata: x\r\n\r\n: c\revent: e\rdata: y\r\rdata: z\n\n".getBytes(StandardCharsets.UTF_8);
        List<SseEvent> whole = new SseParser(100).feed(stream);
        assertThat(whole).hasSize(3);
        Random random = new Random(3);
        for (int i = 0; i < 200; i++) {
            SseParser parser = new SseParser(100);
            List<SseEvent> events = new ArrayList<>();
            int at = 0;
            while (at < stream.length) {
                int next = Math.min(stream.length, at + 1 + random.nextInt(5));
                events.addAll(parser.feed(Arrays.copyOfRange(stream, at, next)));
                at = next;
            }
            assertThat(events).isEqualTo(whole);
        }
    }

    @Test
    void eventsAreBoundedAndUtf8() throws Exception {
        assertThat(new SseParser(9).feed("data: a\n\ndata: b\n\n".getBytes(StandardCharsets.UTF_8))).hasSize(2);
        assertThatThrownBy(() -> new SseParser(8).feed("data: ab\n\n".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(SseException.class)
                .hasMessageContaining("longer than 8");
        assertThatThrownBy(() -> new SseParser(100).feed(new byte[] {'d', (byte) 0xff, '\n'})).isInstanceOf(SseException.class).hasMessageContaining("UTF-8");
    }

    private static List<SseEvent> parse(String stream) throws SseException {
        return new SseParser(1000).feed(stream.getBytes(StandardCharsets.UTF_8));
    }
}
