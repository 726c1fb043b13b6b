package dev.candor.inference.openai.tools;

import java.util.Optional;

/**
 * What a chat template does with tools.
 *
 * @param format        how calls are written
 * @param toolsVariable the name by which it takes tools; empty if it shows none of them to the model, so that we have to
 * @param calls         how it takes an assistant's earlier calls; empty if it leaves them out
 * @param results       whether it shows messages of the role {@code tool}
 * @param system        whether it shows messages of the role {@code system}
 * @param alternating   whether it refuses two user messages in a row
 * @param reasoning     what surrounds the model's thoughts
 */
record TemplateProfile(
        ToolFormat format,
        Optional<String> toolsVariable,
        Optional<CallStyle> calls,
        boolean results,
        boolean system,
        boolean alternating,
        Optional<ReasoningMarkers> reasoning) {
    /**
     * How a template wants earlier calls.
     *
     * @param objectArguments whether arguments are to be an object, and not text
     * @param nullContent     whether the content beside calls is to be null, and not an empty text
     * @param several         whether a message may hold several calls
     * @param besideContent   whether a message may hold calls and text
     */
    record CallStyle(boolean objectArguments, boolean nullContent, boolean several, boolean besideContent) {}

    /** Whether calls and their results are left to the template. */
    boolean rendersExchange() {
        return calls.isPresent() && results;
    }
}
