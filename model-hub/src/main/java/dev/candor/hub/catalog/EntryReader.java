package dev.candor.hub.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import dev.candor.attestation.digest.Digest;
import dev.candor.hub.importer.ModelForm;
import dev.candor.hub.importer.encoder.EncoderRecipe;
import dev.candor.hub.manifest.EncoderTask;
import dev.candor.hub.manifest.ManifestFile;
import dev.candor.hub.manifest.ModelName;
import dev.candor.hub.manifest.Pooling;
import dev.candor.hub.manifest.StrictJson;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads one model of the catalog's JSON. */
final class EntryReader {
    private static final Pattern ALIAS = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");
    private static final Pattern AMOUNT = Pattern.compile("0|[1-9][0-9]{0,77}");
    private static final long MAX_SIZE = 1L << 42;
    private static final int MAX_LIST = 32;

    CatalogEntry read(JsonNode model) throws IOException {
        StrictJson.allowOnly(
                model, Set.of("name", "title", "aliases", "licence", "context_length", "file", "files", "sources", "conversion", "price"));
        ModelName name = ModelName.parse(StrictJson.text(model, "name"));
        try {
            List<SourceFile> files = files(model);
            return new CatalogEntry(
                    name,
                    StrictJson.text(model, "title"),
                    aliases(model),
                    StrictJson.text(model, "licence"),
                    (int) StrictJson.integer(model, "context_length", 1, 1 << 24),
                    files,
                    sources(model, files.size()),
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

    private static List<SourceFile> files(JsonNode model) throws IOException {
        if (model.has("file")) {
            return List.of(file(model.path("file")));
        }
        List<SourceFile> files = new ArrayList<>();
        for (JsonNode file : StrictJson.array(model, "files", MAX_LIST)) {
            files.add(file(file));
        }
        if (files.isEmpty() || files.stream().map(SourceFile::name).distinct().count() != files.size()) {
            throw new IOException("\"files\" must have at least one file, no name twice");
        }
        return files;
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

    private static List<ModelSource> sources(JsonNode model, int files) throws IOException {
        List<ModelSource> sources = new ArrayList<>();
        for (JsonNode source : StrictJson.array(model, "sources", MAX_LIST)) {
            sources.add(new SourceReader(files).read(source));
        }
        return sources;
    }

    private static Conversion conversion(JsonNode conversion) throws IOException {
        StrictJson.allowOnly(conversion, Set.of("form", "size", "manifest_digest", "chat_template", "encoder", "plain_digest"));
        boolean encoder = conversion.has("encoder");
        return new Conversion(
                ModelForm.of(StrictJson.text(conversion, "form")),
                StrictJson.integer(conversion, "size", 1, MAX_SIZE),
                new Digest(StrictJson.text(conversion, "manifest_digest")),
                encoder ? Optional.empty() : chatTemplate(conversion.path("chat_template")),
                encoder ? Optional.of(recipe(conversion.path("encoder"))) : Optional.empty(),
                conversion.has("plain_digest") ? Optional.of(new Digest(StrictJson.text(conversion, "plain_digest"))) : Optional.empty());
    }

    private static EncoderRecipe recipe(JsonNode encoder) throws IOException {
        StrictJson.allowOnly(encoder, Set.of("task", "pooling", "normalize", "max_tokens"));
        if (!encoder.path("normalize").isBoolean()) {
            throw new IOException("\"normalize\" must be true or false");
        }
        return EncoderRecipe.embedding(
                EncoderTask.of(StrictJson.text(encoder, "task")),
                Pooling.of(StrictJson.text(encoder, "pooling")),
                encoder.path("normalize").booleanValue(),
                (int) StrictJson.integer(encoder, "max_tokens", 1, 1 << 20));
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
