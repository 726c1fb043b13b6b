package dev.candor.inference.structured;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.List;
import java.util.Random;

/** Makes schemas of everything that is supported, and values that fit and do not fit them. */
final class RandomSchema {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final List<String> NAMES = List.of("a", "b", "name", "x y", "é", "q\"");
    private static final List<String> PATTERNS = List.of("^a+$", "b", "^[a-c]{2,4}$", "x|^y", "^(ab|cd)*$", "[0-9]$", "^\\d{3}-\\d{2}$", "^.{1,3}$", "é");
    /** Without email, of which the validator knows only the top-level domains of a list. */
    private static final List<String> FORMATS = List.of("date", "time", "date-time", "ipv4", "ipv6", "uuid", "hostname", "duration", "uri");
    private static final List<String> TEXTS = List.of("", "a", "aa", "ab", "b", "abcd", "xyz", "y", "é", "123-45", "2024-02-29", "\"", "😀", "a\nb", "1");

    private final Random random;

    RandomSchema(Random random) {
        this.random = random;
    }

    ObjectNode schema() {
        ObjectNode root = (ObjectNode) schema(3);
        ObjectNode definitions = root.putObject("$defs");
        definitions.set("one", schema(1));
        definitions.set("list", NODES.objectNode().put("type", "array").put("maxItems", 2).set("items", NODES.objectNode().put("$ref", "#/$defs/list")));
        return root;
    }

    private JsonNode schema(int depth) {
        ObjectNode schema = NODES.objectNode();
        switch (random.nextInt(depth > 0 ? 12 : 6)) {
            case 0 -> number(schema.put("type", random.nextBoolean() ? "integer" : "number"));
            case 1 -> text(schema.put("type", "string"));
            case 2 -> schema.put("type", random.nextBoolean() ? "null" : "boolean");
            case 3 -> listed(schema);
            case 4 -> schema.putArray("type").add("string").add("null");
            case 5 -> number(schema);
            case 6, 7 -> array(schema.put("type", "array"), depth);
            case 8, 9 -> object(schema.put("type", "object"), depth);
            case 10 -> schema.putArray("anyOf").add(schema(depth - 1)).add(schema(depth - 1));
            default -> {
                if (random.nextInt(3) == 0) {
                    schema.putArray("allOf").add(schema(depth - 1)).add(object(NODES.objectNode(), depth));
                } else {
                    schema.put("$ref", random.nextBoolean() ? "#/$defs/one" : "#/$defs/list");
                }
            }
        }
        return schema;
    }

    private void number(ObjectNode schema) {
        if (random.nextBoolean()) {
            schema.put(random.nextBoolean() ? "minimum" : "exclusiveMinimum", decimal(-30, 10));
        }
        if (random.nextBoolean()) {
            schema.put(random.nextBoolean() ? "maximum" : "exclusiveMaximum", decimal(0, 40));
        }
        if (random.nextInt(3) == 0) {
            schema.put("multipleOf", List.of(new BigDecimal("2"), new BigDecimal("0.5"), new BigDecimal("7"), new BigDecimal("0.01")).get(random.nextInt(4)));
        }
    }

    private BigDecimal decimal(int from, int to) {
        BigDecimal tenths = BigDecimal.valueOf(from * 10L + random.nextInt((to - from) * 10), 1);
        return new BigDecimal(tenths.stripTrailingZeros().toPlainString());
    }

    private void text(ObjectNode schema) {
        switch (random.nextInt(5)) {
            case 0 -> schema.put("minLength", random.nextInt(3)).put("maxLength", 3 + random.nextInt(20));
            case 1 -> schema.put("pattern", PATTERNS.get(random.nextInt(PATTERNS.size())));
            case 2 -> schema.put("format", FORMATS.get(random.nextInt(FORMATS.size())));
            case 3 -> schema.put("pattern", PATTERNS.get(random.nextInt(PATTERNS.size()))).put("maxLength", 6);
            default -> { }
        }
    }

    private void listed(ObjectNode schema) {
        ArrayNode list = schema.putArray("enum");
        for (int i = 0; i <= random.nextInt(4); i++) {
            list.add(value(1));
        }
    }

    private void array(ObjectNode schema, int depth) {
        if (random.nextBoolean()) {
            schema.set("items", schema(depth - 1));
        }
        if (random.nextInt(3) == 0) {
            schema.putArray("prefixItems").add(schema(depth - 1)).add(schema(depth - 1));
        }
        if (random.nextBoolean()) {
            int min = random.nextInt(3);
            schema.put("minItems", min).put("maxItems", min + random.nextInt(4));
        }
    }

    private ObjectNode object(ObjectNode schema, int depth) {
        ObjectNode properties = schema.putObject("properties");
        ArrayNode required = schema.putArray("required");
        for (String name : NAMES) {
            if (random.nextInt(3) == 0) {
                properties.set(name, schema(depth - 1));
            }
            if (random.nextInt(4) == 0) {
                required.add(name);
            }
        }
        switch (random.nextInt(5)) {
            case 0, 1 -> schema.put("additionalProperties", false);
            case 2 -> schema.set("additionalProperties", schema(0));
            case 3 -> schema.putObject("patternProperties").set("^[a-m]", schema(0));
            default -> { }
        }
        if (random.nextInt(5) == 0) {
            schema.put("minProperties", random.nextInt(3)).put("maxProperties", 2 + random.nextInt(4));
        }
        if (random.nextInt(6) == 0) {
            schema.putObject("propertyNames").put("pattern", "^.{1,5}$");
        }
        return schema;
    }

    /** Some value, whatever the schema says. */
    JsonNode value(int depth) {
        return switch (random.nextInt(depth > 0 ? 9 : 6)) {
            case 0 -> NODES.nullNode();
            case 1 -> NODES.booleanNode(random.nextBoolean());
            case 2 -> NODES.numberNode(random.nextInt(60) - 20);
            case 3 -> NODES.numberNode(BigDecimal.valueOf(random.nextInt(300) * 10 - 99, 1));
            case 4, 5 -> NODES.textNode(TEXTS.get(random.nextInt(TEXTS.size())));
            case 6 -> {
                ArrayNode array = NODES.arrayNode();
                for (int i = random.nextInt(4); i > 0; i--) {
                    array.add(value(depth - 1));
                }
                yield array;
            }
            default -> {
                ObjectNode object = NODES.objectNode();
                NAMES.stream().filter(name -> random.nextBoolean()).forEach(name -> object.set(name, value(depth - 1)));
                yield object;
            }
        };
    }
}
