package dev.candor.inference.importer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.candor.hub.importer.DecoderSource;
import dev.candor.hub.importer.ImportRequest;
import dev.candor.hub.importer.ModelForm;
import dev.candor.hub.manifest.ManifestVerifier;
import dev.candor.hub.manifest.ModelName;
import dev.candor.hub.manifest.VerifiedModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** One tiny model of {@code oracles/golden}: its files, and what transformers computes with it. */
record Golden(String family, Path folder) {
    /** The kinds of files that a model may be imported from. */
    enum Source {
        HF,
        GGUF
    }

    static final ModelName NAME = new ModelName("candor", "golden", "1");

    static List<Golden> all() {
        Path root = Path.of(System.getProperty("candor.root"), "oracles", "golden");
        try (Stream<Path> folders = Files.list(root)) {
            return folders.filter(folder -> Files.exists(folder.resolve("golden.json")))
                    .sorted()
                    .map(folder -> new Golden(folder.getFileName().toString(), folder))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean has(Source source) {
        return source == Source.HF || Files.exists(folder.resolve("model.gguf"));
    }

    VerifiedModel convert(Source source, ModelForm form, Path target) throws IOException {
        Files.createDirectories(target);
        ImportRequest request = new ImportRequest(NAME, "Apache-2.0", form, Optional.empty());
        try (DecoderSource decoder = DecoderSource.open(folder.resolve(source == Source.HF ? "hf" : "model.gguf"), OptionalInt.empty())) {
            decoder.convert(request, target, bytes -> {});
        }
        return new ManifestVerifier().verify(target);
    }

    int[] prompt() throws IOException {
        return ids("prompt");
    }

    /** The greedy continuation of the prompt. */
    int[] answer() throws IOException {
        return ids("answer");
    }

    /** Logits of every position of the prompt, row after row. */
    float[] logits() throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(folder.resolve("logits.f32"))).order(ByteOrder.LITTLE_ENDIAN);
        float[] logits = new float[bytes.remaining() / Float.BYTES];
        bytes.asFloatBuffer().get(logits);
        return logits;
    }

    private int[] ids(String member) throws IOException {
        JsonNode golden = new ObjectMapper().readTree(folder.resolve("golden.json").toFile());
        return StreamSupport.stream(golden.get(member).spliterator(), false).mapToInt(JsonNode::intValue).toArray();
    }

    @Override
    public String toString() {
        return family;
    }
}
