package dev.candor.hub.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Writes the bytes of GGUF files, good ones and, by its raw methods, bad ones. */
public final class GgufBuilder {
    private static final int ALIGNMENT = 32;

    private record Tensor(String name, int type, long[] dimensions, byte[] data, long bytes) {}

    private final List<byte[]> pairs = new ArrayList<>();
    private final List<Tensor> tensors = new ArrayList<>();

    public GgufBuilder text(String key, String value) {
        return pair(key, 8, text(value));
    }

    public GgufBuilder uint32(String key, int value) {
        return pair(key, 4, buffer(4).putInt(value).array());
    }

    public GgufBuilder float32(String key, float value) {
        return pair(key, 6, buffer(4).putFloat(value).array());
    }

    public GgufBuilder flag(String key, boolean value) {
        return pair(key, 7, new byte[] {(byte) (value ? 1 : 0)});
    }

    public GgufBuilder texts(String key, List<String> values) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(buffer(12).putInt(8).putLong(values.size()).array());
        values.forEach(value -> bytes.writeBytes(text(value)));
        return pair(key, 9, bytes.toByteArray());
    }

    public GgufBuilder int32s(String key, int... values) {
        ByteBuffer bytes = buffer(12 + 4 * values.length).putInt(5).putLong(values.length);
        for (int value : values) {
            bytes.putInt(value);
        }
        return pair(key, 9, bytes.array());
    }

    /** A pair whose type number and value bytes are given as they are. */
    public GgufBuilder pair(String key, int type, byte[] value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(text(key));
        bytes.writeBytes(buffer(4).putInt(type).array());
        bytes.writeBytes(value);
        pairs.add(bytes.toByteArray());
        return this;
    }

    /** Takes the pair {@code key} away. */
    public GgufBuilder without(String key) {
        byte[] start = text(key);
        pairs.removeIf(pair -> pair.length >= start.length && Arrays.equals(pair, 0, start.length, start, 0, start.length));
        return this;
    }

    /** Takes the tensor {@code name} away. */
    public GgufBuilder withoutTensor(String name) {
        tensors.removeIf(tensor -> tensor.name().equals(name));
        return this;
    }

    /**
     * A tensor.
     *
     * @param type       ggml's number
     * @param dimensions the fastest-varying first
     */
    public GgufBuilder tensor(String name, int type, byte[] data, long... dimensions) {
        tensors.add(new Tensor(name, type, dimensions.clone(), data, data.length));
        return this;
    }

    /** A tensor of {@code bytes} zero bytes, for {@link #writeSparse}. */
    public GgufBuilder zeros(String name, int type, long bytes, long... dimensions) {
        tensors.add(new Tensor(name, type, dimensions.clone(), new byte[0], bytes));
        return this;
    }

    /** Writes the header; the tensors, whatever their data, become a hole of zeros that takes no place on most disks. */
    public Path writeSparse(Path file) throws IOException {
        byte[] header = header();
        long length = aligned(header.length);
        for (Tensor tensor : tensors) {
            length = aligned(length + tensor.bytes());
        }
        Files.write(file, header);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(1), length - 1);
        }
        return file;
    }

    public byte[] build() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(header());
        for (Tensor tensor : tensors) {
            out.writeBytes(new byte[(int) (aligned(out.size()) - out.size())]);
            out.writeBytes(tensor.data());
        }
        return out.toByteArray();
    }

    private byte[] header() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(buffer(24).putInt(0x46554747).putInt(3).putLong(tensors.size()).putLong(pairs.size()).array());
        pairs.forEach(out::writeBytes);
        long offset = 0;
        for (Tensor tensor : tensors) {
            out.writeBytes(text(tensor.name()));
            out.writeBytes(buffer(4).putInt(tensor.dimensions().length).array());
            for (long dimension : tensor.dimensions()) {
                out.writeBytes(buffer(8).putLong(dimension).array());
            }
            out.writeBytes(buffer(12).putInt(tensor.type()).putLong(offset).array());
            offset = aligned(offset + tensor.bytes());
        }
        return out.toByteArray();
    }

    private static long aligned(long offset) {
        return (offset + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    private static byte[] text(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        return buffer(8 + utf8.length).putLong(utf8.length).put(utf8).array();
    }

    private static ByteBuffer buffer(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
