package dev.candor.inference.engine.tensor;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Strings of a tensor of {@link Datatype#BYTES}, out of its bytes and into them. */
public final class TensorTexts {
    private TensorTexts() {}

    /** The elements' bytes, in order. */
    public static List<byte[]> split(Tensor tensor) {
        List<byte[]> texts = new ArrayList<>();
        ByteBuffer bytes = tensor.data().asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            byte[] text = new byte[bytes.getInt()];
            bytes.get(text);
            texts.add(text);
        }
        return texts;
    }

    /** The elements as text. @throws IllegalArgumentException if one is not UTF-8 */
    public static List<String> utf8(Tensor tensor) {
        List<String> texts = new ArrayList<>();
        for (byte[] text : split(tensor)) {
            try {
                texts.add(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text)).toString());
            } catch (CharacterCodingException e) {
                throw new IllegalArgumentException("tensor '" + tensor.name() + "' has a string that is not UTF-8, and models take no other", e);
            }
        }
        return texts;
    }

    /** The bytes of a tensor of these elements. */
    public static MemorySegment join(List<byte[]> texts) {
        int size = 0;
        for (byte[] text : texts) {
            size = Math.addExact(size, Math.addExact(Integer.BYTES, text.length));
        }
        ByteBuffer bytes = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        texts.forEach(text -> bytes.putInt(text.length).put(text));
        return MemorySegment.ofArray(bytes.array());
    }
}
