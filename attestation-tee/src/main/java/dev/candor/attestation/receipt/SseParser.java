package dev.candor.attestation.receipt;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads server-sent events (HTML standard, 9.2.6) from bytes that arrive in any pieces. Comments are dropped, and so is an event that the stream
 * ends within. Not safe for use by several threads.
 */
public final class SseParser {
    private final int maxEventBytes;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final StringBuilder data = new StringBuilder();
    private String type = "";
    private boolean hasData;
    private boolean afterReturn;
    private boolean firstLine = true;
    private int eventBytes;

    /** @param maxEventBytes how long one event may be, its line ends included */
    public SseParser(int maxEventBytes) {
        this.maxEventBytes = maxEventBytes;
    }

    /**
     * The events that {@code bytes} completes.
     *
     * @throws SseException if an event is longer than the bound, or not UTF-8; the parser is then of no further use
     */
    public List<SseEvent> feed(byte[] bytes) throws SseException {
        List<SseEvent> events = new ArrayList<>();
        for (byte each : bytes) {
            boolean endOfReturn = afterReturn && each == '\n';
            afterReturn = each == '\r';
            if (endOfReturn) {
                continue;
            }
            if (++eventBytes > maxEventBytes) {
                throw new SseException("an event of the stream is longer than " + maxEventBytes + " bytes");
            }
            if (each == '\n' || each == '\r') {
                endLine(events);
            } else {
                line.write(each);
            }
        }
        return events;
    }

    private void endLine(List<SseEvent> events) throws SseException {
        String text = text(line.toByteArray());
        line.reset();
        if (firstLine && text.startsWith("\ufeff")) {
            text = text.substring(1);
        }
        firstLine = false;
        if (text.isEmpty()) {
            dispatch(events);
        } else {
            field(text);
        }
    }

    private void dispatch(List<SseEvent> events) {
        if (hasData) {
            events.add(new SseEvent(type.isEmpty() ? "message" : type, data.toString()));
        }
        data.setLength(0);
        hasData = false;
        type = "";
        eventBytes = 0;
    }

    private void field(String text) {
        int colon = text.indexOf(':');
        String name = colon < 0 ? text : text.substring(0, colon);
        String value = colon < 0 ? "" : text.substring(colon + 1);
        if (value.startsWith(" ")) {
            value = value.substring(1);
        }
        if (name.equals("data")) {
            if (hasData) {
                data.append('\n');
            }
            data.append(value);
            hasData = true;
        } else if (name.equals("event")) {
            type = value;
        }
    }

    private static String text(byte[] utf8) throws SseException {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
        } catch (CharacterCodingException e) {
            throw new SseException("a line of the stream is not UTF-8");
        }
    }
}
