package dev.candor.inference.openai.tools;

import java.util.List;
import java.util.Optional;

/**
 * How a model writes tool calls, as its chat template teaches it.
 */
public enum ToolFormat {
    /**
     * Nous Hermes, Qwen, SmolLM3, and whoever was taught by us:
     * <pre>{@code
     * <tool_call>
     * {"name": "f", "arguments": {}}
     * </tool_call>
     * }</pre>
     */
    HERMES(List.of("<tool_call>"), "</tool_call>", "", "arguments"),
    /** Llama 3: {@code {"name": "f", "parameters": {}}} as the whole answer, or after {@code <|python_tag|>}; several with {@code ;} between. */
    LLAMA(List.of("<|python_tag|>"), "", "{", "parameters"),
    /** Mistral up to version 7 of its tokenizer: {@code [TOOL_CALLS] [{"name": "f", "arguments": {}}]}. */
    MISTRAL_LIST(List.of("[TOOL_CALLS]"), "", "", "arguments"),
    /** Mistral from version 11 on: {@code [TOOL_CALLS]f[ARGS]{}}, with {@code [CALL_ID]} and the id after the name in some versions. */
    MISTRAL_NAMED(List.of("[TOOL_CALLS]"), "", "", "arguments"),
    /** Gemma: {@code {"name": "f", "parameters": {}}}, or a list of such, as the whole answer or in a fenced block of {@code json} or {@code tool_code}. */
    GEMMA(List.of("```json", "```tool_code", "```tool_call"), "```", "{[", "parameters"),
    /**
     * DeepSeek V3 and R1:
     * <pre>{@code
     * <｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>f
     * ```json
     * {}
     * ```<｜tool▁call▁end｜><｜tool▁calls▁end｜>
     * }</pre>
     */
    DEEPSEEK(List.of("<｜tool▁call▁begin｜>"), "<｜tool▁call▁end｜>", "", "arguments"),
    /** DeepSeek V3.1: {@code <｜tool▁calls▁begin｜><｜tool▁call▁begin｜>f<｜tool▁sep｜>{}<｜tool▁call▁end｜><｜tool▁calls▁end｜>}. */
    DEEPSEEK_NAMED(List.of("<｜tool▁call▁begin｜>"), "<｜tool▁call▁end｜>", "", "arguments");

    static final String CALLS_BEGIN = "<｜tool▁calls▁begin｜>";
    static final String CALLS_END = "<｜tool▁calls▁end｜>";
    static final String CALL_BEGIN = "<｜tool▁call▁begin｜>";
    static final String CALL_END = "<｜tool▁call▁end｜>";
    static final String SEPARATOR = "<｜tool▁sep｜>";
    static final String ARGS = "[ARGS]";
    static final String CALL_ID = "[CALL_ID]";

    private final List<String> openers;
    private final String closer;
    private final String bare;
    private final String argumentsKey;

    ToolFormat(List<String> openers, String closer, String bare, String argumentsKey) {
        this.openers = openers;
        this.closer = closer;
        this.bare = bare;
        this.argumentsKey = argumentsKey;
    }

    /** Texts that announce a call. */
    List<String> openers() {
        return openers;
    }

    /** What ends a call. */
    Optional<String> closer() {
        return closer.isEmpty() ? Optional.empty() : Optional.of(closer);
    }

    /** Whether an answer that begins with {@code c} may be a call without an opener. */
    boolean beginsBare(char c) {
        return bare.indexOf(c) >= 0;
    }

    /** Texts around calls that say nothing to a reader. */
    List<String> silent() {
        return deepseek() ? List.of(CALLS_BEGIN, CALLS_END) : List.of();
    }

    /** Whether every call is announced, so that text before one is known to be no call. */
    boolean announced() {
        return bare.isEmpty();
    }

    /** Texts that announce calls. */
    List<String> announcements() {
        return deepseek() ? List.of(CALLS_BEGIN, CALL_BEGIN) : openers;
    }

    /** Whether the calls of an answer stand together, in one list or between two marks. */
    boolean grouped() {
        return this == MISTRAL_LIST || deepseek();
    }

    /** Whether the name may stand before the arguments, outside of any JSON. */
    boolean namedOutside() {
        return mistral() || deepseek();
    }

    /** Whether a call may be followed by another one without an opener. */
    boolean chained() {
        return this == LLAMA;
    }

    /** Whether several calls may be one JSON array. */
    boolean listed() {
        return this == GEMMA || mistral();
    }

    /** The member of the call's object that holds the arguments. */
    String argumentsKey() {
        return argumentsKey;
    }

    boolean mistral() {
        return this == MISTRAL_LIST || this == MISTRAL_NAMED;
    }

    boolean deepseek() {
        return this == DEEPSEEK || this == DEEPSEEK_NAMED;
    }
}
