package dev.candor.inference.structured;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Parts of a schema all of which a value must satisfy; none for any value. */
record Term(List<Part> parts) {
    static final Term ANY = new Term(List.of());

    /**
     * A schema at one place of the document.
     *
     * @param pointer JSON pointer to it
     * @param opened  how many of its ways on to other parts ({@code $ref}, {@code allOf}, {@code anyOf}, {@code oneOf}) are in the term already
     */
    record Part(String pointer, JsonNode schema, int opened) {
        static final int ALL_OF = 1;
        static final int ANY_OF = 2;
        static final int ONE_OF = 4;

        boolean has(int way) {
            return (opened & way) != 0;
        }

        Part with(int way) {
            return new Part(pointer, schema, opened | way);
        }

        Part at(String keyword) {
            return new Part(pointer + "/" + escaped(keyword), schema.get(keyword), 0);
        }

        Part at(String keyword, String member) {
            return new Part(pointer + "/" + escaped(keyword) + "/" + escaped(member), schema.get(keyword).get(member), 0);
        }

        Part at(String keyword, int index) {
            return new Part(pointer + "/" + escaped(keyword) + "/" + index, schema.get(keyword).get(index), 0);
        }

        private static String escaped(String token) {
            return token.replace("~", "~0").replace("/", "~1");
        }
    }

    /** What tells terms apart: places and opened ways. */
    String key() {
        StringBuilder key = new StringBuilder();
        for (Part part : parts) {
            key.append(part.opened).append(part.pointer).append('\n');
        }
        return key.toString();
    }

    Term and(Part part) {
        List<Part> more = new ArrayList<>(parts);
        more.add(part);
        return new Term(more);
    }

    Term replacing(Part old, Part one) {
        List<Part> replaced = new ArrayList<>(parts);
        replaced.set(replaced.indexOf(old), one);
        return new Term(replaced);
    }
}
