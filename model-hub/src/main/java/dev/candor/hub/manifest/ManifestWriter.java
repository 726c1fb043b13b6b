package dev.candor.hub.manifest;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes a manifest as an in-toto Statement v1 with the predicate of OpenSSF model signing v1.0, so that the file itself is what a model signing tool
 * would sign. Form, licence and version of the converter are annotations of the subject, sizes extra members of the resources.
 */
public final class ManifestWriter {
    private final StrictJson json = new StrictJson();

    /** The file's bytes; the same manifest gives the same bytes. */
    public byte[] write(ModelManifest manifest) throws IOException {
        List<Map<String, Object>> resources = new ArrayList<>();
        for (ManifestFile file : manifest.files()) {
            resources.add(object("name", file.path(), "algorithm", "sha256", "digest", file.sha256().hex(), "size", file.size()));
        }
        Map<String, Object> annotations = object("form", manifest.form(), "licence", manifest.licence());
        if (manifest.converter() > 0) {
            annotations.put(ManifestReader.CONVERTER, manifest.converter());
        }
        Map<String, Object> subject = object(
                "name", manifest.name(), "digest", object("sha256", manifest.digest().hex()), "annotations", annotations);
        Map<String, Object> serialization =
                object("method", "files", "hash_type", "sha256", "allow_symlinks", false, "ignore_paths", List.of(ModelManifest.FILE_NAME));
        return json.write(object(
                "_type", ManifestReader.STATEMENT_TYPE,
                "subject", List.of(subject),
                "predicateType", ManifestReader.PREDICATE_TYPE,
                "predicate", object("serialization", serialization, "resources", resources)));
    }

    private static Map<String, Object> object(Object... namesAndValues) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            object.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return object;
    }
}
