package dev.candor.inference.openai.tools;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.inference.structured.ConstraintCompiler;
import dev.candor.inference.structured.Grammar;
import dev.candor.inference.text.ChatTemplate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Tool calls and reasoning with one model: what its template is given, what its answers say, and how they can be forced. Made once a
 * model. Thread-safe.
 */
public final class ChatTools {
    private final TemplateProfile profile;
    private final ConversationShaper shaper;
    private final Predicate<String> singleToken;

    private ChatTools(TemplateProfile profile, Predicate<String> singleToken) {
        this.profile = profile;
        this.shaper = new ConversationShaper(profile);
        this.singleToken = singleToken;
    }

    /**
     * Reads a template, and tries it.
     *
     * @param variables   what else the template may name, for example {@code bos_token}
     * @param singleToken whether a text is one token of the model's vocabulary
     */
    public static ChatTools of(ChatTemplate template, Map<String, String> variables, Predicate<String> singleToken) {
        return new ChatTools(new TemplateProbe(template, variables).profile(), singleToken);
    }

    /** How the model writes calls. */
    public ToolFormat format() {
        return profile.format();
    }

    /** Whether the model's own template tells it about tools; if not, this node does in its own words. */
    public boolean templateTakesTools() {
        return profile.toolsVariable().isPresent();
    }

    /** The variables {@code messages}, {@code tools} under the name that the template knows, and those of the request. */
    public void variables(ChatPrompt prompt, ObjectNode into) {
        into.setAll(prompt.templateArguments());
        into.set("messages", shaper.shape(prompt));
        List<FunctionTool> offered = prompt.tools().offered();
        if (!offered.isEmpty() && profile.toolsVariable().isPresent()) {
            ArrayNode tools = into.putArray(profile.toolsVariable().get());
            offered.forEach(tool -> tools.add(tool.forTemplate()));
        }
    }

    /** @param prompt the rendered text */
    public Thinking thinkingAfter(String prompt) {
        return profile.reasoning().map(markers -> markers.after(prompt)).orElseGet(Thinking.Over::new);
    }

    public AnswerParser parser(ToolRequest tools, Thinking thinking, CallIds ids) {
        return new AnswerParser(profile.format(), thinking, tools, ids);
    }

    /**
     * What an answer must look like; empty if it may be anything. With tools to choose from, an answer is a call or {@code content};
     * thoughts may come before either.
     *
     * @param content  what the answer's text must be, where the request says so
     * @param compiler what finds out which schemas can be enforced
     * @throws UnsupportedToolException if a strict function's schema cannot be
     */
    public Optional<Grammar> grammar(ToolRequest tools, Optional<Grammar> content, Thinking thinking, ConstraintCompiler compiler)
            throws UnsupportedToolException {
        List<FunctionTool> callable = tools.callable();
        boolean free = content.isEmpty() && !(profile.format().announced() && callable.stream().anyMatch(FunctionTool::strict));
        if (callable.isEmpty() || !tools.forced() && free) {
            return content.map(text -> builder(Map.of()).afterThoughts(text, thinking));
        }
        ToolGrammar builder = builder(new ArgumentGrammars(compiler).of(callable));
        boolean several = !tools.single();
        Grammar answer = tools.forced() ? builder.calls(callable, several)
                : content.isPresent() ? new Grammar.Alternatives(List.of(content.get(), builder.calls(callable, several)))
                : builder.freely(callable, several);
        return Optional.of(builder.afterThoughts(answer, thinking));
    }

    private ToolGrammar builder(Map<FunctionTool, Grammar> arguments) {
        return new ToolGrammar(profile.format(), singleToken, arguments::get);
    }
}
