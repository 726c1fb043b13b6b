package dev.candor.inference.e2e;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** Looks for texts in files, as they are and in the encodings in which a program may have written them. */
final class Traces {
    private static final int BASE64_GROUP = 3;

    private final Map<String, byte[]> wanted = new LinkedHashMap<>();

    /** Adds a text to look for. */
    void text(String name, String text) {
        bytes(name, text.getBytes(StandardCharsets.UTF_8));
        wanted.put(name + " in UTF-16LE", text.getBytes(StandardCharsets.UTF_16LE));
        wanted.put(name + " in UTF-16BE", text.getBytes(StandardCharsets.UTF_16BE));
    }

    /** Adds token ids to look for. */
    void tokens(String name, int[] ids) {
        ByteBuffer little = ByteBuffer.allocate(ids.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        Arrays.stream(ids).forEach(little::putInt);
        bytes(name, little.array());
        wanted.put(name + " as JSON", Arrays.toString(ids).replace(" ", "").replaceAll("[\\[\\]]", "").getBytes(StandardCharsets.US_ASCII));
    }

    private void bytes(String name, byte[] bytes) {
        wanted.put(name, bytes);
        String hex = HexFormat.of().formatHex(bytes);
        wanted.put(name + " in hex", hex.getBytes(StandardCharsets.US_ASCII));
        wanted.put(name + " in HEX", hex.toUpperCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII));
        for (int shift = 0; shift < BASE64_GROUP; shift++) {
            wanted.put(name + " in base64 at " + shift, base64(Base64.getEncoder(), bytes, shift));
            wanted.put(name + " in base64url at " + shift, base64(Base64.getUrlEncoder(), bytes, shift));
        }
    }

    /** The characters that stand for these bytes alone when {@code shift} other bytes come before. */
    private static byte[] base64(Base64.Encoder encoder, byte[] bytes, int shift) {
        byte[] shifted = new byte[shift + bytes.length];
        System.arraycopy(bytes, 0, shifted, shift, bytes.length);
        byte[] text = encoder.encode(shifted);
        int from = shift == 0 ? 0 : BASE64_GROUP + 1;
        int to = shifted.length / BASE64_GROUP * (BASE64_GROUP + 1);
        return Arrays.copyOfRange(text, from, to);
    }

    /** What was found in a folder's files and in their names: one line each. */
    List<String> in(Path folder) throws IOException {
        List<String> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                found.addAll(in(file.toString(), file.getFileName().toString().getBytes(StandardCharsets.UTF_8)));
                found.addAll(in(file.toString(), Files.readAllBytes(file)));
            }
        }
        return found;
    }

    /** What was found in {@code content}: one line each. */
    List<String> in(String where, byte[] content) {
        String all = new String(content, StandardCharsets.ISO_8859_1);
        return wanted.entrySet().stream()
                .filter(entry -> all.contains(new String(entry.getValue(), StandardCharsets.ISO_8859_1)))
                .map(entry -> entry.getKey() + " is in " + where)
                .toList();
    }
}
