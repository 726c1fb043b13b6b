package dev.candor.inference.openai;

import dev.candor.inference.openai.tools.Thinking;

/**
 * A prompt as a model reads it.
 *
 * @param tokens   token ids
 * @param thinking whether the answer begins with what the model thinks
 */
public record RenderedPrompt(int[] tokens, Thinking thinking) {}
