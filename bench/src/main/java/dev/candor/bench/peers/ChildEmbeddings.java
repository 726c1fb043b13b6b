package dev.candor.bench.peers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A library in a process of its own that is asked over its standard streams, a line of JSON a round; it measures itself. */
final class ChildEmbeddings implements EmbeddingServer, AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Child child;
    private final BufferedReader answers;
    private final Writer questions;

    /** Waits until the process says {@code ready}. */
    ChildEmbeddings(Child child) throws IOException {
        this.child = child;
        this.answers = child.process().inputReader(StandardCharsets.UTF_8);
        this.questions = child.process().outputWriter(StandardCharsets.UTF_8);
        String line = answers.readLine();
        while (line != null && !line.equals("ready")) {
            line = answers.readLine();
        }
        if (line == null) {
            child.close();
            throw new IOException("it ended before it was ready");
        }
    }

    Process process() {
        return child.process();
    }

    @Override
    public EmbeddingRound embed(List<String> texts, int concurrency, boolean keep) throws IOException {
        ObjectNode question = JSON.createObjectNode().put("concurrency", concurrency).put("vectors", keep);
        question.set("texts", JSON.valueToTree(texts));
        questions.write(question + "\n");
        questions.flush();
        String line = answers.readLine();
        if (line == null) {
            throw new IOException("the process ended");
        }
        JsonNode answer = JSON.readTree(line);
        return new EmbeddingRound(
                answer.path("seconds").asDouble(),
                JSON.convertValue(answer.path("millis"), double[].class),
                keep ? JSON.convertValue(answer.path("vectors"), float[][].class) : new float[0][]);
    }

    @Override
    public void close() {
        child.close();
    }
}
