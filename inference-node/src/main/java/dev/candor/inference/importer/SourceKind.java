package dev.candor.inference.importer;

import dev.candor.hub.importer.source.ImportException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Refuses, in plain words, what is no model's file at all, before anything tries to read it as one. */
final class SourceKind {
    private static final String POINTER = "version https://git-lfs.github.com/spec/";
    private static final int MAX_POINTER = 1024;
    private static final List<String> ENDINGS = List.of(".gguf", ".safetensors", ".onnx");
    private static final String MAGIC = "GGUF";

    private SourceKind() {}

    /** @throws ImportException if {@code source}, a file or a folder, is or holds something else than a model's files */
    static void require(Path source) throws IOException {
        if (!Files.isDirectory(source)) {
            requireContent(source);
            String name = source.getFileName().toString();
            if (ENDINGS.stream().noneMatch(name::endsWith) && !beginning(source, MAGIC.length()).equals(MAGIC)) {
                throw new ImportException(name + " is no model that can be imported: give a GGUF, safetensors or ONNX file, or a model's folder");
            }
            return;
        }
        try (Stream<Path> files = Files.list(source)) {
            for (Path file : (Iterable<Path>) files.filter(SourceKind::needed)::iterator) {
                requireContent(file);
            }
        }
    }

    /** Of a folder of safetensors: other weights beside them may be absent. */
    private static boolean needed(Path file) {
        String name = file.getFileName().toString();
        return Files.isRegularFile(file) && (name.endsWith(".safetensors") || name.equals("tokenizer.json"));
    }

    private static void requireContent(Path file) throws IOException {
        if (Files.size(file) < MAX_POINTER && beginning(file, POINTER.length()).equals(POINTER)) {
            throw new ImportException(file.getFileName() + " is only Git LFS's pointer to the file: fetch the file itself by git lfs pull");
        }
    }

    private static String beginning(Path file, int bytes) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(bytes), StandardCharsets.ISO_8859_1);
        }
    }
}
