package dev.candor.inference.structured;

import com.fasterxml.jackson.databind.JsonNode;

/** Bounds on a schema's JSON as such. */
final class SchemaShape {
    private SchemaShape() {}

    /** @throws UnsupportedGrammarException if it is nested too deeply */
    static void check(JsonNode schema, ConstraintLimits limits) throws UnsupportedGrammarException {
        if (!schema.isObject() && !schema.isBoolean()) {
            throw new UnsupportedGrammarException("", "schema", "a JSON Schema is an object, true or false");
        }
        if (depth(schema, limits.schemaDepth()) > limits.schemaDepth()) {
            throw new UnsupportedGrammarException("", "schema", "the schema's JSON is nested more than " + limits.schemaDepth()
                    + " levels deep: move parts of it to $defs");
        }
    }

    private static int depth(JsonNode node, int limit) {
        int deepest = 0;
        if (limit >= 0) {
            for (JsonNode child : node) {
                deepest = Math.max(deepest, depth(child, limit - 1));
            }
        }
        return deepest + 1;
    }
}
