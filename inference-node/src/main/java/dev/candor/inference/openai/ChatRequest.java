package dev.candor.inference.openai;

import dev.candor.attestation.receipt.Verification;
import dev.candor.inference.openai.tools.ChatPrompt;
import dev.candor.inference.openai.tools.FunctionTool;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A checked request for a chat completion.
 *
 * @param model     the model's name as sent
 * @param prompt    messages, tools and what else the prompt is made of
 * @param maxTokens tokens to generate at most, where the request says
 * @param choices   answers to give
 * @param logprobs  likeliest tokens to tell at each place of an answer; empty for no log probabilities
 * @param format    what the answers' text must be, tool calls apart
 * @param ignored   members of the body that nothing is made of
 */
public record ChatRequest(
        String model,
        ChatPrompt prompt,
        Streaming streaming,
        OptionalInt maxTokens,
        Decoding decoding,
        int choices,
        OptionalInt logprobs,
        Optional<OutputFormat> format,
        Verification verification,
        Service service,
        List<String> ignored) {
    /** Whether its answers may have to obey a form, which takes time to compile. */
    public boolean constrained() {
        return format.isPresent() || prompt.tools().forced() || prompt.tools().callable().stream().anyMatch(FunctionTool::strict);
    }
}
