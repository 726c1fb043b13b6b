package dev.candor.hub.store;

import dev.candor.attestation.digest.Digest;
import dev.candor.hub.catalog.CatalogEntry;
import dev.candor.hub.catalog.Conversion;
import dev.candor.hub.catalog.ModelSource;
import dev.candor.hub.catalog.SourceFile;
import dev.candor.hub.importer.ModelForm;
import dev.candor.hub.manifest.ModelManifest;
import dev.candor.hub.testing.ToyModels;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** The toy model as a catalog entry, and a wheel that carries it. */
final class ToyCatalog {
    static final String WHEEL_NAME = "candor_toy-1.0-py3-none-any.whl";
    static final String MEMBER = "candor_toy/toy.gguf";

    private final byte[] gguf = ToyModels.gguf(ToyModels.Shape.standard()).build();
    private final byte[] wheel = wheel(gguf);
    private final ModelManifest manifest;

    /** @param scratch folder to convert the toy in once, for its digest */
    ToyCatalog(Path scratch) throws IOException {
        this.manifest = ToyModels.write(scratch.resolve("expected")).manifest();
    }

    byte[] gguf() {
        return gguf.clone();
    }

    byte[] wheel() {
        return wheel.clone();
    }

    ModelSource.PythonPackage pythonPackage() {
        return new ModelSource.PythonPackage("candor-toy", "1.0", wheel.length, Digest.sha256(wheel), MEMBER);
    }

    CatalogEntry entry(ModelSource... sources) {
        return entry(manifest.digest(), sources);
    }

    CatalogEntry entry(Digest manifestDigest, ModelSource... sources) {
        return new CatalogEntry(
                ToyModels.NAME,
                "Toy",
                List.of(),
                "Apache-2.0",
                512,
                List.of(new SourceFile("toy.gguf", gguf.length, Digest.sha256(gguf))),
                List.of(sources),
                new Conversion(ModelForm.Q8, manifest.totalSize(), manifestDigest, Optional.empty()),
                Optional.empty());
    }

    /** Writes the wheel to {@code folder}, under the name that package clients want. */
    Path writeWheel(Path folder) throws IOException {
        return Files.write(Files.createDirectories(folder).resolve(WHEEL_NAME), wheel);
    }

    private static byte[] wheel(byte[] gguf) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            entry(zip, MEMBER, gguf);
            entry(zip, "candor_toy-1.0.dist-info/METADATA", text("Metadata-Version: 2.1\nName: candor-toy\nVersion: 1.0\n"));
            entry(zip, "candor_toy-1.0.dist-info/WHEEL", text("Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"));
            entry(zip, "candor_toy-1.0.dist-info/RECORD", text(""));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void entry(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(bytes);
        zip.closeEntry();
    }
}
