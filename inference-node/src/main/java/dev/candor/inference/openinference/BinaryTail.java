package dev.candor.inference.openinference;

import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.ErrorCode;
import java.lang.foreign.MemorySegment;

/** A body and the bytes of tensors behind its JSON, taken in the order of the inputs. */
final class BinaryTail {
    private final byte[] body;
    private int position;

    BinaryTail(byte[] body, int jsonLength) {
        this.body = body;
        this.position = jsonLength;
    }

    byte[] body() {
        return body;
    }

    MemorySegment take(String where, long length) throws ApiException {
        if (length > body.length - position) {
            throw new ApiException(ErrorCode.INVALID_VALUE, "'" + where + ".parameters.binary_data_size' is " + length + ", but " + (body.length - position)
                    + " bytes are left in the body.", where + ".parameters.binary_data_size");
        }
        MemorySegment taken = MemorySegment.ofArray(body).asSlice(position, length);
        position += (int) length;
        return taken;
    }

    void requireEnd() throws ApiException {
        if (position < body.length) {
            throw new ApiException(ErrorCode.INVALID_VALUE, "The body has " + (body.length - position) + " bytes more than its inputs name.");
        }
    }
}
