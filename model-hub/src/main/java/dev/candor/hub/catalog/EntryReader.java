package dev.candor.hub.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import dev.candor.attestation.digest.Digest;
import dev.candor.hub.importer.ModelForm;
import dev.candor.hub.manifest.ManifestFile;
import dev.candor.hub.manifest.ModelName;
import dev.candor.hub.manifest.StrictJson;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads one model of the catalog's JSON. Package names and versions end up on a command line, so their characters are restricted here. */
final class EntryReader {
    private static final Pattern PACKAGE = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]{0,98}[A-Za-z0-9])?");
    private static final Pattern VERSION = Pattern.compile("[0-9][A-Za-z0-9.!+_-]{0,63}");
    private static final Pattern ALIAS = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");
    private static final Pattern AMOUNT = Pattern.compile("0|[1-9][0-9]{0,77}");
    private static final long MAX_SIZE = 1L << 42;
    private static final int MAX_LIST = 32;

    CatalogEntry read(JsonNode model) throws IOException {
        StrictJson.allowOnly(
                model, Set.of("name", "title", "aliases", "licence", "context_length", "file", "sources", "conversion", "price"));
        ModelName name = ModelName.parse(StrictJson.text(model, "name"));
        try {
            return new CatalogEntry(
                    name,
                    StrictJson.text(model, "title"),
                    aliases(model),
                    StrictJson.text(model, "licence"),
                    (int) StrictJson.integer(model, "context_length", 1, 1 << 24),
                    file(model.path("file")),
                    sources(model),
                    conversion(model.path("conversion")),
                    model.has("price") ? Optional.of(price(model.path("price"))) : Optional.empty());
        } catch (IOException | IllegalArgumentException e) {
            throw new IOException(name + ": " + e.getMessage(), e);
        }
    }

    private static List<String> aliases(JsonNode model) throws IOException {
        List<String> aliases = new ArrayList<>();
        for (JsonNode alias : StrictJson.array(model, "aliases", MAX_LIST)) {
            aliases.add(matching("aliases", alias.asText(), ALIAS));
        }
        return aliases;
    }

    private static SourceFile file(JsonNode file) throws IOException {
        StrictJson.allowOnly(file, Set.of("name", "size", "sha256"));
        String name = StrictJson.text(file, "name");
        long size = StrictJson.integer(file, "size", 1, MAX_SIZE);
        Digest digest = new Digest(StrictJson.text(file, "sha256"));
        if (new ManifestFile(name, size, digest).path().contains("/")) {
            throw new IOException("\"file\" must have a plain file name");
        }
        return new SourceFile(name, size, digest);
    }

    private static List<ModelSource> sources(JsonNode model) throws IOException {
        List<ModelSource> sources = new ArrayList<>();
        for (JsonNode source : StrictJson.array(model, "sources", MAX_LIST)) {
            String kind = StrictJson.text(source, "kind");
            sources.add(switch (kind) {
                case "pypi" -> pythonPackage(source);
                case "url" -> url(source);
                default -> throw new IOException("source kind " + kind + " is unknown; pypi and url are known");
            });
        }
        return sources;
    }

    private static ModelSource pythonPackage(JsonNode source) throws IOException {
        StrictJson.allowOnly(source, Set.of("kind", "package", "version", "wheel_size", "wheel_sha256", "member"));
        return new ModelSource.PythonPackage(
                matching("package", StrictJson.text(source, "package"), PACKAGE),
                matching("version", StrictJson.text(source, "version"), VERSION),
                StrictJson.integer(source, "wheel_size", 1, MAX_SIZE),
                new Digest(StrictJson.text(source, "wheel_sha256")),
                StrictJson.text(source, "member"));
    }

    private static ModelSource url(JsonNode source) throws IOException {
        StrictJson.allowOnly(source, Set.of("kind", "url"));
        URI url = URI.create(StrictJson.text(source, "url"));
        if (!"https".equals(url.getScheme()) || url.getHost() == null) {
            throw new IOException("\"url\" must be an https address");
        }
        return new ModelSource.Url(url);
    }

    private static Conversion conversion(JsonNode conversion) throws IOException {
        StrictJson.allowOnly(conversion, Set.of("form", "size", "manifest_digest", "chat_template"));
        return new Conversion(
                ModelForm.of(StrictJson.text(conversion, "form")),
                StrictJson.integer(conversion, "size", 1, MAX_SIZE),
                new Digest(StrictJson.text(conversion, "manifest_digest")),
                chatTemplate(conversion.path("chat_template")));
    }

    private static Optional<String> chatTemplate(JsonNode template) throws IOException {
        if (template.isTextual() && template.textValue().equals("embedded")) {
            return Optional.empty();
        }
        StrictJson.allowOnly(template, Set.of("text"));
        return Optional.of(StrictJson.text(template, "text"));
    }

    private static TokenPrice price(JsonNode price) throws IOException {
        StrictJson.allowOnly(price, Set.of("symbol", "input", "output"));
        return new TokenPrice(
                StrictJson.text(price, "symbol"),
                new BigInteger(matching("input", StrictJson.text(price, "input"), AMOUNT)),
                new BigInteger(matching("output", StrictJson.text(price, "output"), AMOUNT)));
    }

    private static String matching(String name, String value, Pattern pattern) throws IOException {
        if (!pattern.matcher(value).matches()) {
            throw new IOException("\"" + name + "\" must match " + pattern.pattern());
        }
        return value;
    }
}
