package dev.candor.hub.importer.hf;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.candor.hub.importer.source.ImportException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The JSON header of a safetensors file: for each tensor its element type, shape and place. Read as a stream; memory is bounded by the header's
 * length.
 */
final class SafetensorsHeader {
    static final int MAX_BYTES = 32 << 20;
    private static final int MAX_TENSORS = 65_536;
    private static final int MAX_NAME = 512;
    private static final int MAX_RANK = 8;
    private static final JsonFactory JSON = new JsonFactoryBuilder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(4).maxNameLength(MAX_NAME).maxNumberLength(20)
                    .maxStringLength(1 << 20).build())
            .build();

    /**
     * A tensor as the header describes it.
     *
     * @param dtype as written, for example {@code BF16}
     * @param shape slowest-varying length first
     * @param begin of its bytes, counted from the header's end
     */
    record Entry(String name, String dtype, List<Long> shape, long begin, long end) {}

    /** @throws ImportException saying what is wrong with {@code header} */
    List<Entry> read(byte[] header) throws ImportException {
        try (JsonParser json = JSON.createParser(header)) {
            expect(json.nextToken(), JsonToken.START_OBJECT, "the header");
            List<Entry> entries = new ArrayList<>();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                expect(json.nextToken(), JsonToken.START_OBJECT, "\"" + name + "\"");
                if (name.equals("__metadata__")) {
                    json.skipChildren();
                } else {
                    entries.add(entry(name, json));
                }
                if (entries.size() > MAX_TENSORS) {
                    throw new ImportException("it has more than " + MAX_TENSORS + " tensors");
                }
            }
            return entries;
        } catch (JsonProcessingException e) {
            throw new ImportException("its header is no JSON that can be read: " + e.getOriginalMessage());
        } catch (ImportException e) {
            throw e;
        } catch (IOException e) {
            throw new ImportException("its header is no UTF-8: " + e.getMessage());
        }
    }

    private static Entry entry(String name, JsonParser json) throws IOException {
        String dtype = null;
        List<Long> shape = null;
        List<Long> offsets = null;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String member = json.currentName();
            json.nextToken();
            switch (member) {
                case "dtype" -> {
                    expect(json.currentToken(), JsonToken.VALUE_STRING, "the dtype of " + name);
                    dtype = json.getText();
                }
                case "shape" -> shape = wholes(json, MAX_RANK, "the shape of " + name);
                case "data_offsets" -> offsets = wholes(json, 2, "the offsets of " + name);
                default -> throw new ImportException("tensor " + name + " has the unknown member " + member + " in the header");
            }
        }
        if (dtype == null || shape == null || offsets == null || offsets.size() != 2) {
            throw new ImportException("tensor " + name + " lacks dtype, shape or two data_offsets in the header");
        }
        return new Entry(name, dtype, shape, offsets.getFirst(), offsets.getLast());
    }

    private static List<Long> wholes(JsonParser json, int most, String what) throws IOException {
        expect(json.currentToken(), JsonToken.START_ARRAY, what);
        List<Long> values = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            expect(json.currentToken(), JsonToken.VALUE_NUMBER_INT, what);
            long value = json.getLongValue();
            if (value < 0 || values.size() == most) {
                throw new ImportException(what + " must hold at most " + most + " numbers that are not negative");
            }
            values.add(value);
        }
        return values;
    }

    private static void expect(JsonToken found, JsonToken wanted, String what) throws ImportException {
        if (found != wanted) {
            throw new ImportException(what + " is " + (found == null ? "cut off" : found.name()) + " where " + wanted + " belongs");
        }
    }
}
