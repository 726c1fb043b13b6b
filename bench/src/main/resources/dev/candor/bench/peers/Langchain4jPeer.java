import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.onnx.allminilml6v2.AllMiniLmL6V2EmbeddingModel;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * langchain4j's embedding model inside this process, which has no server: each line on standard input is a round,
 * {"texts":[...],"concurrency":n,"vectors":bool}, each line on standard output its result, {"millis":[...],"seconds":x,"vectors":[...]}.
 */
public final class Langchain4jPeer {
    private static final ObjectMapper JSON = new ObjectMapper();

    public static void main(String[] arguments) throws Exception {
        EmbeddingModel model = new AllMiniLmL6V2EmbeddingModel();
        model.embed("ready");
        System.out.println("ready");
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            System.out.println(round(model, JSON.readTree(line)));
        }
    }

    private static ObjectNode round(EmbeddingModel model, JsonNode asked) throws Exception {
        List<Future<float[]>> running = new ArrayList<>();
        double[] millis = new double[asked.path("texts").size()];
        long begin = System.nanoTime();
        try (ExecutorService threads = Executors.newFixedThreadPool(asked.path("concurrency").asInt())) {
            for (int i = 0; i < millis.length; i++) {
                int number = i;
                String text = asked.path("texts").get(i).asText();
                running.add(threads.submit(() -> {
                    long start = System.nanoTime();
                    float[] vector = model.embed(text).content().vector();
                    millis[number] = (System.nanoTime() - start) / 1e6;
                    return vector;
                }));
            }
        }
        ObjectNode result = JSON.createObjectNode().put("seconds", (System.nanoTime() - begin) / 1e9);
        ArrayNode times = result.putArray("millis");
        for (double time : millis) {
            times.add(time);
        }
        if (asked.path("vectors").asBoolean()) {
            ArrayNode vectors = result.putArray("vectors");
            for (Future<float[]> each : running) {
                ArrayNode vector = vectors.addArray();
                for (float value : each.get()) {
                    vector.add(value);
                }
            }
        }
        return result;
    }
}
