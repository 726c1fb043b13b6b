package dev.candor.inference.openai.tools;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.inference.structured.ConstraintCompiler;
import dev.candor.inference.structured.Grammar;
import dev.candor.inference.structured.UnsupportedGrammarException;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** Finds what can be enforced of functions' arguments. */
final class ArgumentGrammars {
    private final ConstraintCompiler compiler;

    ArgumentGrammars(ConstraintCompiler compiler) {
        this.compiler = compiler;
    }

    /**
     * A grammar for each tool: its schema, or of a function that is not strict and whose schema says more than can be enforced, any object.
     *
     * @throws UnsupportedToolException if that is a strict function
     */
    Map<FunctionTool, Grammar> of(List<FunctionTool> tools) throws UnsupportedToolException {
        Map<FunctionTool, Grammar> grammars = new IdentityHashMap<>();
        for (FunctionTool tool : tools) {
            grammars.put(tool, arguments(tool));
        }
        return grammars;
    }

    private Grammar arguments(FunctionTool tool) throws UnsupportedToolException {
        if (tool.parameters().isEmpty()) {
            return new Grammar.Literal("{}");
        }
        Grammar schema = new Grammar.JsonSchema(closed(tool.parameters().get()));
        try {
            compiler.compile(schema);
            return schema;
        } catch (UnsupportedGrammarException e) {
            if (tool.strict()) {
                String at = e.pointer().isEmpty() ? "" : " (at " + e.pointer() + ")";
                throw new UnsupportedToolException(tool.param() + ".parameters", e.getMessage() + at + "; without 'strict' the function can be used as it is");
            }
            return new Grammar.JsonObject();
        }
    }

    /** Arguments are an object; members that the schema does not name are not made up. */
    private static ObjectNode closed(ObjectNode schema) {
        ObjectNode closed = schema.deepCopy();
        if (!closed.has("type")) {
            closed.put("type", "object");
        }
        boolean open = closed.has("additionalProperties") || closed.has("unevaluatedProperties") || closed.has("patternProperties")
                || closed.has("$ref") || closed.has("allOf") || closed.has("anyOf") || closed.has("oneOf");
        if (closed.has("properties") && !open) {
            closed.put("additionalProperties", false);
        }
        return closed;
    }
}
