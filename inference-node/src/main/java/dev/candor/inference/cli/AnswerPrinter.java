package dev.candor.inference.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.candor.client.sdk.AnswerSink;
import dev.candor.client.sdk.SseData;
import java.io.IOException;
import java.io.PrintWriter;

/** Prints a streamed answer as it comes, and keeps its text. */
final class AnswerPrinter implements AnswerSink {
    private final PrintWriter out;
    private final ObjectMapper mapper;
    private final StringBuilder text = new StringBuilder();

    AnswerPrinter(PrintWriter out, ObjectMapper mapper) {
        this.out = out;
        this.mapper = mapper;
    }

    @Override
    public void event(byte[] block) throws IOException {
        String data = SseData.of(block);
        if (data.isEmpty()) {
            return;
        }
        JsonNode chunk = mapper.readTree(data);
        if (chunk.has("error")) {
            throw new IOException("the node broke off: " + chunk.at("/error/message").asText());
        }
        String piece = chunk.at("/choices/0/delta/content").asText("");
        text.append(piece);
        out.print(piece);
        out.flush();
    }

    /** The answer so far. */
    String text() {
        return text.toString();
    }

    void end() {
        if (!text.isEmpty() && text.charAt(text.length() - 1) != '\n') {
            out.println();
        }
        out.flush();
    }
}
