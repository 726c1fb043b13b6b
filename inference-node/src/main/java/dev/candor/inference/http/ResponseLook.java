package dev.candor.inference.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.candor.inference.engine.Progress;
import dev.candor.inference.openai.IgnoredMembers;
import dev.candor.inference.openai.LogprobView;
import dev.candor.inference.openai.responses.ResponseBody;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * How a response is to look.
 *
 * @param logprobs shows log probabilities, where they were asked for
 * @param seconds  the time, in seconds since 1970
 */
record ResponseLook(ResponseBody body, Optional<LogprobView> logprobs, IgnoredMembers ignored, LongSupplier seconds) {
    /** The scores of what has come, as they are shown. */
    List<JsonNode> scores(Progress progress) {
        List<JsonNode> scores = new ArrayList<>();
        logprobs.ifPresent(view -> view.content(progress.scores()).forEach(scores::add));
        return scores;
    }
}
