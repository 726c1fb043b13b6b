package dev.candor.hub.importer;

import com.fasterxml.jackson.databind.JsonNode;
import dev.candor.hub.importer.decoder.DecoderSpec;
import dev.candor.hub.importer.gguf.GgufFile;
import dev.candor.hub.importer.hf.HfDecoder;
import dev.candor.hub.importer.hf.SafetensorsWeights;
import dev.candor.hub.importer.source.EncodedTensor;
import dev.candor.hub.importer.source.ImportException;
import dev.candor.hub.importer.source.JsonFile;
import dev.candor.hub.importer.source.NamedWeights;
import dev.candor.hub.importer.source.TensorNaming;
import dev.candor.hub.importer.tokenizer.FolderTokenizer;
import dev.candor.hub.importer.tokenizer.GgufTokenizer;
import dev.candor.hub.importer.tokenizer.TokenizerFiles;
import dev.candor.hub.manifest.ModelManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.LongConsumer;

/** A decoder's files, opened: what it is, its weights, mapped and not yet read, and its tokenizer. Can be converted to several forms, one after another. */
public final class DecoderSource implements AutoCloseable {
    private static final int MAX_CONFIG = 4 << 20;

    private final Format format;
    private final DecoderSpec spec;
    private final Map<String, EncodedTensor> tensors;
    private final TensorNaming naming;
    private final TokenizerFiles tokenizer;
    private final Runnable closing;
    private final DecoderImporter importer = new DecoderImporter();

    /** The kinds of files. */
    public enum Format {
        GGUF,
        SAFETENSORS
    }

    private DecoderSource(
            Format format, DecoderSpec spec, Map<String, EncodedTensor> tensors, TensorNaming naming, TokenizerFiles tokenizer, Runnable closing) {
        this.format = format;
        this.spec = spec;
        this.tensors = tensors;
        this.naming = naming;
        this.tokenizer = tokenizer;
        this.closing = closing;
    }

    /**
     * Opens a GGUF file, a safetensors file with its configuration and tokenizer beside it, or a Hugging Face folder. Files must not change while the
     * source is open.
     *
     * @param context longest sequence to serve, if not the model's own
     * @throws IOException with a message that names what the files hold that cannot be converted
     */
    public static DecoderSource open(Path path, OptionalInt context) throws IOException {
        boolean huggingFace = Files.isDirectory(path) || path.getFileName().toString().endsWith(".safetensors");
        return huggingFace ? folder(path, context) : gguf(path, context);
    }

    private static DecoderSource gguf(Path path, OptionalInt context) throws IOException {
        GgufFile file = GgufFile.open(path);
        try {
            DecoderSpec spec = new GgufDecoder(file, context).spec();
            TokenizerFiles tokenizer = new GgufTokenizer(file.metadata()).files(spec.vocabulary());
            return new DecoderSource(Format.GGUF, spec, file.tensors(), new GgufNaming(spec), tokenizer, file::close);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private static DecoderSource folder(Path path, OptionalInt context) throws IOException {
        Path folder = Files.isDirectory(path) ? path : path.toAbsolutePath().getParent();
        if (!Files.exists(folder.resolve("config.json"))) {
            throw new ImportException("there is no config.json beside the weights; the whole folder of the model is needed");
        }
        JsonNode config = new JsonFile(MAX_CONFIG).read(folder.resolve("config.json"));
        SafetensorsWeights files = SafetensorsWeights.open(path);
        try {
            List<String> names = new ArrayList<>(files.tensors().keySet());
            names.addAll(files.unread().keySet());
            HfDecoder.Decoder decoder = HfDecoder.read(config, names, context);
            requireReadable(files.unread(), decoder.naming());
            TokenizerFiles tokenizer = new FolderTokenizer(folder, config).files(decoder.spec().vocabulary());
            return new DecoderSource(Format.SAFETENSORS, decoder.spec(), files.tensors(), decoder.naming(), tokenizer, files::close);
        } catch (IOException | RuntimeException e) {
            files.close();
            throw e;
        }
    }

    private static void requireReadable(Map<String, String> unread, TensorNaming naming) throws ImportException {
        for (Map.Entry<String, String> tensor : unread.entrySet()) {
            if (!naming.ignorable(tensor.getKey())) {
                throw new ImportException("tensor " + tensor.getKey() + " is " + tensor.getValue() + "; F32, F16 and BF16 are imported");
            }
        }
    }

    public Format format() {
        return format;
    }

    public DecoderSpec spec() {
        return spec;
    }

    /** Encoded bytes of all weights. */
    public long bytes() {
        return tensors.values().stream().mapToLong(tensor -> tensor.data().byteSize()).sum();
    }

    /** Number of weights. */
    public long parameters() {
        return tensors.values().stream().mapToLong(tensor -> (long) tensor.rows() * tensor.columns()).sum();
    }

    /** Most bytes that the converted weights can have. */
    public long convertedBytes(ModelForm form) {
        double each = switch (form) {
            case FP32 -> 4;
            case FP16 -> 2;
            case Q8, Q4, Q4EXACT, W8A8, Q8F16, Q4F16 -> 1.25;
        };
        long rotary = 2L * Float.BYTES * spec.context() * spec.headSize();
        return (long) (parameters() * each) + rotary;
    }

    /**
     * Converts into {@code folder}, which must exist and be empty; every file is on the device when this returns.
     *
     * @param progress gets the number of encoded bytes of weights converted so far, {@link #bytes} at the end
     * @throws IOException with a message that names what cannot be converted; the folder is then to be thrown away
     */
    public ModelManifest convert(ImportRequest request, Path folder, LongConsumer progress) throws IOException {
        return importer.convert(new NamedWeights(tensors, naming), spec, tokenizer, request, folder, progress);
    }

    @Override
    public void close() {
        closing.run();
    }
}
