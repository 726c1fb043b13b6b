package dev.candor.attestation.receipt;

import dev.candor.attestation.digest.InvalidJsonException;
import dev.candor.attestation.digest.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The end of a stream, from the receipt on.
 *
 * @param start offset of the first byte that the receipt's digest does not cover
 */
record StreamTail(int start, SignedReceipt receipt, List<int[]> tokenIds) {

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
        return at + mark.length <= stream.length && Arrays.equals(stream, at, at + mark.length, mark, 0, mark.length);
    }

    private static StreamTail comments(int start, String tail) throws ReceiptVerificationException {
        List<int[]> tokens = new ArrayList<>();
        int at = 0;
        while (tail.startsWith(ReceiptAttachment.TOKENS_COMMENT, at)) {
            int end = end(tail, at);
            tokens.add(tokenIds(tail.substring(at + ReceiptAttachment.TOKENS_COMMENT.length(), end)));
            at = end + 2;
            if (tokens.size() > CanonicalChoices.MAX_CHOICES) {
                throw new ReceiptVerificationException("the stream has token ids for more than " + CanonicalChoices.MAX_CHOICES + " choices");
            }
        }
        if (!tail.startsWith(ReceiptAttachment.RECEIPT_COMMENT, at)) {
            throw new ReceiptVerificationException("the stream carries token ids but no receipt");
        }
        int end = end(tail, at);
        byte[] cose = AttachmentReader.base64("the comment candor-receipt", tail.substring(at + ReceiptAttachment.RECEIPT_COMMENT.length(), end));
        requireDone(tail, end);
        return new StreamTail(start, SignedReceipt.parse(cose), tokens);
    }

    private static StreamTail event(int start, String tail) throws ReceiptVerificationException {
        int end = end(tail, 0);
        String data = tail.substring(ReceiptAttachment.EVENT.length(), end);
        requireDone(tail, end);
        try {
            AttachmentReader attachment = AttachmentReader.of(StrictJson.parse(data.getBytes(StandardCharsets.UTF_8)));
            return new StreamTail(start, attachment.receipt(), attachment.tokenIds());
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
            return TokenDigest.parse(AttachmentReader.base64("the comment candor-tokens", base64));
        } catch (IllegalArgumentException e) {
            throw new ReceiptVerificationException("the comment candor-tokens: " + e.getMessage(), e);
        }
    }
}
