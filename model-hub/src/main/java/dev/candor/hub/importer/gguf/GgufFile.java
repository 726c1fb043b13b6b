package dev.candor.hub.importer.gguf;

import dev.candor.hub.importer.source.EncodedTensor;
import dev.candor.hub.importer.source.ImportException;
import dev.candor.hub.importer.source.TensorType;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A GGUF file, version 3, little-endian, mapped into memory: the whole header is read and checked on opening, weights only when asked for. Every count,
 * length and offset is checked against the file's size before use.
 */
public final class GgufFile implements AutoCloseable {
    private static final int MAGIC = 0x46554747;
    private static final int VERSION = 3;
    private static final long MAX_PAIRS = 65_536;
    private static final long MAX_TENSORS = 65_536;
    private static final int MAX_TENSOR_NAME = 255;
    private static final int MAX_ALIGNMENT = 1 << 20;
    private static final int SMALLEST_TENSOR = 8 + 1 + 4 + 8 + 4 + 8;

    private final Arena arena;
    private final GgufMetadata metadata;
    private final Map<String, EncodedTensor> tensors;

    private GgufFile(Arena arena, GgufMetadata metadata, Map<String, EncodedTensor> tensors) {
        this.arena = arena;
        this.metadata = metadata;
        this.tensors = Collections.unmodifiableMap(tensors);
    }

    /**
     * Opens {@code path}; the file must not change while it is open.
     *
     * @throws GgufException if it is no GGUF version 3 or holds what the importer does not read
     */
    public static GgufFile open(Path path) throws IOException {
        Arena arena = Arena.ofShared();
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            return read(arena, channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena));
        } catch (GgufException e) {
            arena.close();
            throw new GgufException(path.getFileName() + " cannot be read as a GGUF model: " + e.getMessage() + ". If the file of " + Files.size(path)
                    + " bytes is one, it is cut short or damaged: download it again");
        } catch (IOException | RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    /** Reads a GGUF file whose bytes are {@code bytes}. */
    public static GgufFile of(byte[] bytes) throws GgufException {
        return read(Arena.ofShared(), MemorySegment.ofArray(bytes).asReadOnly());
    }

    /** The key-value pairs. */
    public GgufMetadata metadata() {
        return metadata;
    }

    /** The tensors by name, in the file's order. */
    public Map<String, EncodedTensor> tensors() {
        return tensors;
    }

    @Override
    public void close() {
        arena.close();
    }

    private static GgufFile read(Arena arena, MemorySegment file) throws GgufException {
        GgufInput in = new GgufInput(file);
        if (in.remaining() < 24 || in.int32() != MAGIC) {
            throw new GgufException("this is no GGUF file: it does not start with the letters GGUF");
        }
        int version = in.int32();
        if (version != VERSION) {
            boolean bigEndian = Integer.reverseBytes(version) == VERSION;
            throw new GgufException("the file has GGUF version " + (bigEndian ? "3 for big-endian machines" : Integer.toUnsignedString(version))
                    + "; version 3, little-endian, is read");
        }
        long tensorCount = in.count("tensors", MAX_TENSORS, SMALLEST_TENSOR);
        GgufMetadata metadata = new MetadataReader(in).read(in.count("metadata pairs", MAX_PAIRS, 1));
        int alignment = metadata.whole("general.alignment", 8, MAX_ALIGNMENT, 32);
        if (Integer.bitCount(alignment) != 1) {
            throw new GgufException("metadata general.alignment is " + alignment + ", it must be a power of two");
        }
        List<Entry> entries = new ArrayList<>();
        for (long i = 0; i < tensorCount; i++) {
            entries.add(entry(in, alignment));
        }
        long start = (in.position() + alignment - 1) / alignment * alignment;
        return new GgufFile(arena, metadata, slice(file, start, entries));
    }

    private record Entry(String name, TensorType type, List<Long> dimensions, long offset, long bytes) {}

    private static Entry entry(GgufInput in, int alignment) throws GgufException {
        String name = in.text("a tensor's name", MAX_TENSOR_NAME);
        int rank = in.int32();
        if (rank < 1 || rank > 4) {
            throw new GgufException("tensor " + name + " has " + Integer.toUnsignedString(rank) + " dimensions, 1 to 4 are allowed");
        }
        List<Long> dimensions = new ArrayList<>();
        long weights = 1;
        for (int i = 0; i < rank; i++) {
            long dimension = in.int64();
            if (dimension < 1 || dimension > Integer.MAX_VALUE || weights > Integer.MAX_VALUE * 64L / dimension) {
                throw new GgufException("tensor " + name + " has a dimension of " + Long.toUnsignedString(dimension) + ", which is out of bounds");
            }
            weights *= dimension;
            dimensions.add(dimension);
        }
        TensorType type = type(in.int32(), name);
        if (dimensions.getFirst() % type.blockSize() != 0) {
            throw new GgufException("tensor " + name + " has rows of " + dimensions.getFirst() + ", no multiple of the block of " + type);
        }
        if (weights / dimensions.getFirst() > Integer.MAX_VALUE) {
            throw new GgufException("tensor " + name + " has too many rows");
        }
        long offset = in.int64();
        if (offset < 0 || offset % alignment != 0) {
            throw new GgufException("tensor " + name + " starts at " + Long.toUnsignedString(offset) + ", no multiple of " + alignment);
        }
        return new Entry(name, type, dimensions, offset, type.rowBytes(weights));
    }

    private static TensorType type(int id, String tensor) throws GgufException {
        try {
            return TensorType.of(id, tensor);
        } catch (ImportException e) {
            throw new GgufException(e.getMessage());
        }
    }

    private static Map<String, EncodedTensor> slice(MemorySegment file, long start, List<Entry> entries) throws GgufException {
        Map<String, EncodedTensor> tensors = new LinkedHashMap<>();
        for (Entry entry : entries) {
            if (entry.offset() > file.byteSize() - start || entry.bytes() > file.byteSize() - start - entry.offset()) {
                throw new GgufException("tensor " + entry.name() + " reaches beyond the end of the file; it was cut off or damaged");
            }
            MemorySegment data = file.asSlice(start + entry.offset(), entry.bytes());
            if (tensors.put(entry.name(), new EncodedTensor(entry.name(), entry.type(), entry.dimensions(), data)) != null) {
                throw new GgufException("tensor " + entry.name() + " comes twice");
            }
        }
        List<Entry> byOffset = entries.stream().sorted(Comparator.comparingLong(Entry::offset)).toList();
        for (int i = 1; i < byOffset.size(); i++) {
            Entry before = byOffset.get(i - 1);
            if (before.offset() + before.bytes() > byOffset.get(i).offset()) {
                throw new GgufException("tensors " + before.name() + " and " + byOffset.get(i).name() + " overlap");
            }
        }
        return tensors;
    }
}
