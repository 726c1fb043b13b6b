package dev.candor.hub.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.candor.attestation.digest.Digest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads what {@link ManifestWriter} writes; anything else is refused. */
public final class ManifestReader {
    /** Most bytes a manifest may have. */
    public static final int MAX_BYTES = 4 << 20;

    /** Most files a manifest may list. */
    public static final int MAX_FILES = 10_000;

    static final String STATEMENT_TYPE = "https://in-toto.io/Statement/v1";
    static final String CONVERTER = "converter";
    static final String PREDICATE_TYPE = "https://model_signing/signature/v1.0";

    private final StrictJson json = new StrictJson();

    /** @throws ManifestException if {@code bytes} are no manifest, or one whose files do not give its root digest */
    public ModelManifest read(byte[] bytes) throws ManifestException {
        if (bytes.length > MAX_BYTES) {
            throw new ManifestException("the manifest has " + bytes.length + " bytes, more than " + MAX_BYTES);
        }
        try {
            return statement(json.readObject(bytes));
        } catch (IOException | IllegalArgumentException e) {
            throw new ManifestException("the manifest cannot be read: " + e.getMessage(), e);
        }
    }

    private static ModelManifest statement(JsonNode statement) throws IOException {
        StrictJson.allowOnly(statement, Set.of("_type", "subject", "predicateType", "predicate"));
        require(StrictJson.text(statement, "_type"), STATEMENT_TYPE, "_type");
        require(StrictJson.text(statement, "predicateType"), PREDICATE_TYPE, "predicateType");
        JsonNode subjects = StrictJson.array(statement, "subject", 1);
        if (subjects.size() != 1) {
            throw new IOException("\"subject\" must have one entry");
        }
        JsonNode subject = subjects.get(0);
        StrictJson.allowOnly(subject, Set.of("name", "digest", "annotations"));
        StrictJson.allowOnly(subject.path("digest"), Set.of("sha256"));
        JsonNode annotations = subject.path("annotations");
        StrictJson.allowOnly(annotations, Set.of("form", "licence", CONVERTER));
        JsonNode predicate = statement.path("predicate");
        StrictJson.allowOnly(predicate, Set.of("serialization", "resources"));
        serialization(predicate.path("serialization"));
        ModelName name = ModelName.parse(StrictJson.text(subject, "name"));
        Digest root = new Digest(StrictJson.text(subject.path("digest"), "sha256"));
        int converter = annotations.has(CONVERTER) ? (int) StrictJson.integer(annotations, CONVERTER, 1, Integer.MAX_VALUE) : 0;
        return new ModelManifest(
                name.toString(), StrictJson.text(annotations, "form"), StrictJson.text(annotations, "licence"), resources(predicate), root, converter);
    }

    private static void serialization(JsonNode serialization) throws IOException {
        StrictJson.allowOnly(serialization, Set.of("method", "hash_type", "allow_symlinks", "ignore_paths"));
        require(StrictJson.text(serialization, "method"), "files", "method");
        require(StrictJson.text(serialization, "hash_type"), "sha256", "hash_type");
        if (!serialization.path("allow_symlinks").isBoolean() || serialization.path("allow_symlinks").booleanValue()) {
            throw new IOException("\"allow_symlinks\" must be false");
        }
        JsonNode ignored = StrictJson.array(serialization, "ignore_paths", 1);
        if (ignored.size() != 1 || !ModelManifest.FILE_NAME.equals(ignored.get(0).textValue())) {
            throw new IOException("\"ignore_paths\" must hold " + ModelManifest.FILE_NAME + " alone");
        }
    }

    private static List<ManifestFile> resources(JsonNode predicate) throws IOException {
        List<ManifestFile> files = new ArrayList<>();
        for (JsonNode resource : StrictJson.array(predicate, "resources", MAX_FILES)) {
            StrictJson.allowOnly(resource, Set.of("name", "algorithm", "digest", "size"));
            require(StrictJson.text(resource, "algorithm"), "sha256", "algorithm");
            files.add(new ManifestFile(
                    StrictJson.text(resource, "name"),
                    StrictJson.integer(resource, "size", 0, Long.MAX_VALUE),
                    new Digest(StrictJson.text(resource, "digest"))));
        }
        return files;
    }

    private static void require(String actual, String expected, String name) throws IOException {
        if (!actual.equals(expected)) {
            throw new IOException("\"" + name + "\" must be \"" + expected + "\"");
        }
    }
}
