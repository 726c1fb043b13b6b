package dev.candor.inference.http;

import dev.candor.inference.openai.Completion;
import dev.candor.inference.openai.IgnoredMembers;
import dev.candor.inference.openai.LogprobView;
import java.util.Optional;

/**
 * How the answer to a chat is to look.
 *
 * @param logprobs shows log probabilities, where they were asked for
 */
record ChatLook(Completion completion, boolean includeUsage, Optional<LogprobView> logprobs, IgnoredMembers ignored) {}
