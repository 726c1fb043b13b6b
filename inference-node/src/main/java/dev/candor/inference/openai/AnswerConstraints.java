package dev.candor.inference.openai;

import dev.candor.inference.openai.tools.ChatTools;
import dev.candor.inference.openai.tools.Thinking;
import dev.candor.inference.openai.tools.ToolRequest;
import dev.candor.inference.openai.tools.UnsupportedToolException;
import dev.candor.inference.structured.CompiledConstraint;
import dev.candor.inference.structured.ConstraintCompiler;
import dev.candor.inference.structured.Grammar;
import dev.candor.inference.structured.UnsupportedGrammarException;
import java.util.Optional;

/** Compiles what a request demands of its answer. */
public final class AnswerConstraints {
    private AnswerConstraints() {}

    /**
     * @param content what the answer's text must be, where the request says so
     * @return empty if the answer may be anything
     * @throws ApiException if it demands what cannot be enforced, naming the member at fault
     */
    public static Optional<CompiledConstraint> compile(
            ChatTools chat, ToolRequest tools, Optional<Grammar> content, Thinking thinking, ConstraintCompiler compiler) throws ApiException {
        try {
            Optional<Grammar> grammar = chat.grammar(tools, content, thinking, compiler);
            return grammar.isEmpty() ? Optional.empty() : Optional.of(compiler.compile(grammar.get()));
        } catch (UnsupportedToolException e) {
            throw new ApiException(ErrorCode.INVALID_VALUE, "'" + e.param() + "': " + e.getMessage() + ".", e.param());
        } catch (UnsupportedGrammarException e) {
            String param = content.isPresent() ? "response_format" : tools.legacy() ? "functions" : "tools";
            String at = e.pointer().isEmpty() ? "" : " (at " + e.pointer() + ")";
            throw new ApiException(ErrorCode.INVALID_VALUE, "'" + param + "': " + e.getMessage() + at + ".", param);
        }
    }
}
