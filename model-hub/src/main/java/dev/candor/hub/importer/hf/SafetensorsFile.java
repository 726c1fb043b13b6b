package dev.candor.hub.importer.hf;

import dev.candor.hub.importer.source.EncodedTensor;
import dev.candor.hub.importer.source.ImportException;
import dev.candor.hub.importer.source.TensorType;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A safetensors file, mapped into memory: the header is read and checked on opening, weights only when asked for. As the format demands, the tensors
 * must fill the data exactly, without overlap or gap.
 *
 * <p>Format: 8 bytes little-endian length of the header, the JSON header, the data (https://github.com/huggingface/safetensors, "Format").
 */
public final class SafetensorsFile implements AutoCloseable {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final Map<String, Integer> ELEMENT_BYTES = Map.ofEntries(
            Map.entry("F64", 8), Map.entry("F32", 4), Map.entry("F16", 2), Map.entry("BF16", 2), Map.entry("I64", 8), Map.entry("I32", 4),
            Map.entry("I16", 2), Map.entry("I8", 1), Map.entry("U64", 8), Map.entry("U32", 4), Map.entry("U16", 2), Map.entry("U8", 1),
            Map.entry("BOOL", 1), Map.entry("F8_E4M3", 1), Map.entry("F8_E5M2", 1));

    private final Arena arena;
    private final Map<String, EncodedTensor> tensors;
    private final Map<String, String> unread;

    private SafetensorsFile(Arena arena, Map<String, EncodedTensor> tensors, Map<String, String> unread) {
        this.arena = arena;
        this.tensors = Collections.unmodifiableMap(tensors);
        this.unread = Collections.unmodifiableMap(unread);
    }

    /**
     * Opens {@code path}; the file must not change while it is open.
     *
     * @throws ImportException if it is no safetensors file or its header does not fit its bytes
     */
    public static SafetensorsFile open(Path path) throws IOException {
        Arena arena = Arena.ofShared();
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            return read(arena, channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena));
        } catch (ImportException e) {
            arena.close();
            throw new ImportException(path.getFileName() + " cannot be read as safetensors: " + e.getMessage());
        } catch (IOException | RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    /** Reads a file whose bytes are {@code bytes}. */
    public static SafetensorsFile of(byte[] bytes) throws ImportException {
        return read(Arena.ofShared(), MemorySegment.ofArray(bytes).asReadOnly());
    }

    /** The tensors of F32, F16 and BF16 by name, in the file's order. */
    public Map<String, EncodedTensor> tensors() {
        return tensors;
    }

    /** Names of the other tensors, and what they are. */
    public Map<String, String> unread() {
        return unread;
    }

    @Override
    public void close() {
        arena.close();
    }

    private static SafetensorsFile read(Arena arena, MemorySegment file) throws ImportException {
        if (file.byteSize() < 10) {
            throw new ImportException("it has only " + file.byteSize() + " bytes");
        }
        long length = file.get(LONG, 0);
        if (length < 2 || length > SafetensorsHeader.MAX_BYTES || length > file.byteSize() - 8) {
            throw new ImportException("its header claims " + Long.toUnsignedString(length) + " bytes, the file has " + file.byteSize()
                    + " and at most " + SafetensorsHeader.MAX_BYTES + " are read");
        }
        List<SafetensorsHeader.Entry> entries = new SafetensorsHeader().read(file.asSlice(8, length).toArray(ValueLayout.JAVA_BYTE));
        MemorySegment data = file.asSlice(8 + length);
        requireExactCover(entries, data.byteSize());
        Map<String, EncodedTensor> tensors = new LinkedHashMap<>();
        Map<String, String> unread = new LinkedHashMap<>();
        for (SafetensorsHeader.Entry entry : entries) {
            requireSize(entry);
            TensorType type = type(entry.dtype());
            if (type == null || !readable(entry.shape())) {
                unread.put(entry.name(), entry.dtype() + " " + entry.shape());
            } else {
                MemorySegment bytes = data.asSlice(entry.begin(), entry.end() - entry.begin());
                tensors.put(entry.name(), new EncodedTensor(entry.name(), type, entry.shape().reversed(), bytes));
            }
        }
        return new SafetensorsFile(arena, tensors, unread);
    }

    private static void requireExactCover(List<SafetensorsHeader.Entry> entries, long size) throws ImportException {
        List<SafetensorsHeader.Entry> ordered = new ArrayList<>(entries);
        ordered.sort(Comparator.comparingLong(SafetensorsHeader.Entry::begin).thenComparingLong(SafetensorsHeader.Entry::end));
        long at = 0;
        for (SafetensorsHeader.Entry entry : ordered) {
            if (entry.end() < entry.begin() || entry.end() > size) {
                throw new ImportException("tensor " + entry.name() + " lies at " + entry.begin() + " to " + entry.end() + " of " + size
                        + " bytes; the file was cut off or damaged");
            }
            if (entry.begin() != at) {
                throw new ImportException("tensor " + entry.name() + " begins at " + entry.begin() + " where " + at
                        + " was expected: tensors overlap or leave a gap");
            }
            at = entry.end();
        }
        if (at != size) {
            throw new ImportException("its tensors end at " + at + " of " + size + " bytes");
        }
    }

    private static void requireSize(SafetensorsHeader.Entry entry) throws ImportException {
        Integer width = ELEMENT_BYTES.get(entry.dtype());
        if (width == null) {
            throw new ImportException("tensor " + entry.name() + " has the unknown element type " + entry.dtype());
        }
        long bytes = width;
        for (long length : entry.shape()) {
            if (length != 0 && bytes > Long.MAX_VALUE / length) {
                throw new ImportException("tensor " + entry.name() + " has the impossible shape " + entry.shape());
            }
            bytes *= length;
        }
        if (bytes != entry.end() - entry.begin()) {
            throw new ImportException("tensor " + entry.name() + " of " + entry.dtype() + " " + entry.shape() + " needs " + bytes
                    + " bytes, it has " + (entry.end() - entry.begin()));
        }
    }

    private static boolean readable(List<Long> shape) {
        long rows = 1;
        for (long length : shape) {
            if (length < 1 || length > Integer.MAX_VALUE) {
                return false;
            }
        }
        for (long length : shape.subList(0, Math.max(0, shape.size() - 1))) {
            rows = rows > Integer.MAX_VALUE ? rows : rows * length;
        }
        return !shape.isEmpty() && shape.size() <= 4 && rows <= Integer.MAX_VALUE;
    }

    private static TensorType type(String dtype) {
        return switch (dtype) {
            case "F32" -> TensorType.F32;
            case "F16" -> TensorType.F16;
            case "BF16" -> TensorType.BF16;
            default -> null;
        };
    }
}
