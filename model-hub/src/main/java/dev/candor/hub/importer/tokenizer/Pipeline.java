package dev.candor.hub.importer.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** The steps of a tokenizer around its model, as the objects of a {@code tokenizer.json}; {@code null} nodes where there is none. */
record Pipeline(JsonNode normalizer, JsonNode preTokenizer, JsonNode postProcessor, JsonNode decoder) {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    static JsonNode none() {
        return NODES.nullNode();
    }

    static ObjectNode step(String type) {
        return NODES.objectNode().put("type", type);
    }

    /** Steps one after another; a single one stands for itself, none for null. */
    static JsonNode sequence(String member, List<JsonNode> steps) {
        if (steps.size() < 2) {
            return steps.isEmpty() ? none() : steps.getFirst();
        }
        ObjectNode sequence = step("Sequence");
        ArrayNode array = sequence.putArray(member);
        steps.forEach(array::add);
        return sequence;
    }

    static ObjectNode byteLevel(boolean prefixSpace, boolean regex) {
        return step("ByteLevel").put("add_prefix_space", prefixSpace).put("trim_offsets", true).put("use_regex", regex);
    }

    static ObjectNode digits() {
        return step("Digits").put("individual_digits", true);
    }

    /** Cuts at every match of {@code regex}, which becomes a piece of its own. */
    static ObjectNode split(String regex) {
        ObjectNode split = step("Split");
        split.putObject("pattern").put("Regex", regex);
        return split.put("behavior", "Isolated").put("invert", false);
    }

    static ObjectNode replace(String text, String by) {
        ObjectNode replace = step("Replace");
        replace.putObject("pattern").put("String", text);
        return replace.put("content", by);
    }

    static ObjectNode replaceMatches(String regex, String by) {
        ObjectNode replace = step("Replace");
        replace.putObject("pattern").put("Regex", regex);
        return replace.put("content", by);
    }

    /** Puts token {@code bos} before a text, where special tokens are asked for. */
    static ObjectNode startWith(String bos, int id) {
        ObjectNode template = step("TemplateProcessing");
        ArrayNode single = template.putArray("single");
        single.addObject().putObject("SpecialToken").put("id", bos).put("type_id", 0);
        single.addObject().putObject("Sequence").put("id", "A").put("type_id", 0);
        ArrayNode pair = template.putArray("pair");
        for (int i = 0; i < 2; i++) {
            pair.addObject().putObject("SpecialToken").put("id", bos).put("type_id", i);
            pair.addObject().putObject("Sequence").put("id", i == 0 ? "A" : "B").put("type_id", i);
        }
        ObjectNode special = template.putObject("special_tokens").putObject(bos);
        special.put("id", bos).putArray("ids").add(id);
        special.putArray("tokens").add(bos);
        return template;
    }
}
