package dev.candor.hub.testing;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Writes the bytes of safetensors files, good ones and, by its raw header, bad ones. */
public final class SafetensorsBuilder {
    private final List<String> entries = new ArrayList<>();
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();

    /** A tensor whose bytes follow those of the one before. */
    public SafetensorsBuilder tensor(String name, String dtype, byte[] bytes, long... shape) {
        int begin = data.size();
        data.writeBytes(bytes);
        return entry(name, dtype, begin, data.size(), shape);
    }

    public SafetensorsBuilder floats(String name, float[] values, long... shape) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return tensor(name, "F32", bytes.array(), shape);
    }

    /** A header's entry as given, without bytes. */
    public SafetensorsBuilder entry(String name, String dtype, long begin, long end, long... shape) {
        List<String> lengths = new ArrayList<>();
        for (long length : shape) {
            lengths.add(String.valueOf(length));
        }
        entries.add("\"%s\":{\"dtype\":\"%s\",\"shape\":[%s],\"data_offsets\":[%d,%d]}"
                .formatted(name, dtype, String.join(",", lengths), begin, end));
        return this;
    }

    public byte[] build() {
        return file("{\"__metadata__\":{\"format\":\"pt\"}," + String.join(",", entries) + "}", data.toByteArray());
    }

    /** A file with {@code header} as it is. */
    public static byte[] file(String header, byte[] data) {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + text.length + data.length).order(ByteOrder.LITTLE_ENDIAN).putLong(text.length).put(text).put(data).array();
    }
}
