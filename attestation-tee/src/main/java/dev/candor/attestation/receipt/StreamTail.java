package dev.candor.attestation.receipt;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.digest.InvalidJsonException;
import dev.candor.attestation.digest.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The end of a stream, from the receipt on.
 *
 * @param start    offset of the first byte that the receipt's digest does not cover
 * @param event    the named event's data, where the receipt came as one
 * @param cose     the receipt, where it came in a comment
 * @param tokenIds per choice, where the receipt came in a comment
 */
record StreamTail(int start, Optional<ObjectNode> event, byte[] cose, List<int[]> tokenIds) {
    private static final int MAX_CHOICES = 128;

    static StreamTail of(byte[] stream) throws ReceiptVerificationException {
        int start = start(stream);
        String tail = new String(stream, start, stream.length - start, StandardCharsets.UTF_8);
        if (tail.startsWith(ReceiptAttachment.EVENT)) {
            return event(start, tail);
        }
        return comments(start, tail);
    }

    /** The first line that begins like one of the receipt's; the model's text cannot forge one, as it is inside JSON strings. */
    private static int start(byte[] stream) throws ReceiptVerificationException {
        byte[][] marks = {
            ": candor-".getBytes(StandardCharsets.US_ASCII), "event: candor.".getBytes(StandardCharsets.US_ASCII),
        };
        for (int at = 0; at < stream.length; at++) {
            boolean lineStart = at == 0 || stream[at - 1] == '\n' || stream[at - 1] == '\r';
            if (!lineStart || (!begins(stream, at, marks[0]) && !begins(stream, at, marks[1]))) {
                continue;
            }
            boolean eventStart = at == 0 || (at > 1 && stream[at - 1] == '\n' && stream[at - 2] == '\n');
            if (!eventStart) {
                throw new ReceiptVerificationException("the stream's receipt stands inside another event, at byte " + at);
            }
            return at;
        }
        throw new ReceiptVerificationException("the stream of " + stream.length + " bytes carries no receipt");
    }

    private static boolean begins(byte[] stream, int at, byte[] mark) {
        return at + mark.length <= stream.length && java.util.Arrays.equals(stream, at, at + mark.length, mark, 0, mark.length);
    }

    private static StreamTail comments(int start, String tail) throws ReceiptVerificationException {
        List<int[]> tokens = new ArrayList<>();
        int at = 0;
        while (tail.startsWith(ReceiptAttachment.TOKENS_COMMENT, at)) {
            int end = end(tail, at);
            tokens.add(tokenIds(tail.substring(at + ReceiptAttachment.TOKENS_COMMENT.length(), end)));
            at = end + 2;
            if (tokens.size() > MAX_CHOICES) {
                throw new ReceiptVerificationException("the stream has token ids for more than " + MAX_CHOICES + " choices");
            }
        }
        if (!tail.startsWith(ReceiptAttachment.RECEIPT_COMMENT, at)) {
            throw new ReceiptVerificationException("the stream carries token ids but no receipt");
        }
        int end = end(tail, at);
        byte[] cose = ResponseBytes.base64("the comment candor-receipt", tail.substring(at + ReceiptAttachment.RECEIPT_COMMENT.length(), end));
        requireDone(tail, end);
        return new StreamTail(start, Optional.empty(), cose, tokens);
    }

    private static StreamTail event(int start, String tail) throws ReceiptVerificationException {
        int end = end(tail, 0);
        String data = tail.substring(ReceiptAttachment.EVENT.length(), end);
        requireDone(tail, end);
        try {
            ObjectNode candor = StrictJson.parseObject(data.getBytes(StandardCharsets.UTF_8));
            return new StreamTail(start, Optional.of(candor), new byte[0], List.of());
        } catch (InvalidJsonException e) {
            throw new ReceiptVerificationException("the event candor.receipt is not JSON: " + e.getMessage(), e);
        }
    }

    private static int end(String tail, int from) throws ReceiptVerificationException {
        int end = tail.indexOf("\n\n", from);
        if (end < 0) {
            throw new ReceiptVerificationException("the stream is cut short inside its receipt");
        }
        return end;
    }

    private static void requireDone(String tail, int end) throws ReceiptVerificationException {
        String rest = tail.substring(end + 2);
        if (!rest.equals(ReceiptAttachment.DONE)) {
            String shown = rest.length() > 80 ? rest.substring(0, 80) + "…" : rest;
            throw new ReceiptVerificationException("after its receipt the stream must end with data: [DONE], it goes on with: "
                    + shown.replace("\n", "\\n").replace("\r", "\\r"));
        }
    }

    private static int[] tokenIds(String base64) throws ReceiptVerificationException {
        try {
            return TokenDigest.parse(ResponseBytes.base64("the comment candor-tokens", base64));
        } catch (IllegalArgumentException e) {
            throw new ReceiptVerificationException("the comment candor-tokens: " + e.getMessage(), e);
        }
    }
}
