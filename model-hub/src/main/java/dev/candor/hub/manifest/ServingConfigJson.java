package dev.candor.hub.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A {@link ServingConfig} as the bytes of {@code config.json}, and back. The member {@code kind} tells which; without it, it is a decoder's. */
public final class ServingConfigJson {
    /** Name of the file within a model's folder. */
    public static final String FILE_NAME = ModelConfigJson.FILE_NAME;

    static final int MAX_BYTES = 4 << 20;
    private static final String TENSOR = "tensor";

    private final StrictJson json = new StrictJson();
    private final ModelConfigJson decoders = new ModelConfigJson();
    private final EncoderConfigJson encoders = new EncoderConfigJson();

    /** The file's bytes; the same configuration gives the same bytes. */
    public byte[] write(ServingConfig config) throws IOException {
        return switch (config) {
            case ModelConfig decoder -> decoders.write(decoder);
            case EncoderConfig encoder -> json.write(encoders.write(encoder));
            case TensorConfig tensor -> json.write(write(tensor));
        };
    }

    private static Map<String, Object> write(TensorConfig config) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("kind", TENSOR);
        object.put("graph", config.graph());
        object.put("form", config.form());
        return object;
    }

    /** @throws ManifestException if {@code bytes} are no configuration, or one with a member missing, unknown or out of range */
    public ServingConfig read(byte[] bytes) throws ManifestException {
        if (bytes.length > MAX_BYTES) {
            throw new ManifestException(FILE_NAME + " has " + bytes.length + " bytes, more than " + MAX_BYTES);
        }
        try {
            JsonNode object = json.readObject(bytes);
            if (!object.has("kind")) {
                return decoders.read(bytes);
            }
            String kind = StrictJson.text(object, "kind");
            return switch (kind) {
                case EncoderConfigJson.KIND -> encoders.read(object);
                case TENSOR -> tensor(object);
                default -> throw new IOException("kind " + kind + " is unknown; encoder and tensor are known");
            };
        } catch (ManifestException e) {
            throw e;
        } catch (IOException | IllegalArgumentException e) {
            throw new ManifestException(FILE_NAME + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static TensorConfig tensor(JsonNode object) throws IOException {
        StrictJson.allowOnly(object, Set.of("kind", "graph", "form"));
        return new TensorConfig(fileName(object, "graph"), StrictJson.text(object, "form"));
    }

    static String fileName(JsonNode object, String name) throws IOException {
        String value = StrictJson.text(object, name);
        new ManifestFile(value, 0, ModelManifest.rootDigest(List.of()));
        return value;
    }
}
