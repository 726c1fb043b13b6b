package dev.candor.inference.http;

import dev.candor.inference.engine.GenerationResult;
import dev.candor.inference.openai.ChatPlan;
import java.util.ArrayList;
import java.util.List;

/** The answers to one chat request, in the order of their sequences. */
record ChatChoices(List<ChatChoice> all) {
    /** None of them has begun. */
    static ChatChoices of(ChatPlan plan, String answerId) {
        List<ChatChoice> all = new ArrayList<>();
        for (int i = 0; i < plan.request().choices(); i++) {
            all.add(new ChatChoice(plan.parser(answerId, i), plan.request().prompt().tools()));
        }
        return new ChatChoices(List.copyOf(all));
    }

    ChatChoice at(int index) {
        return all.get(index);
    }

    List<String> reasons(List<GenerationResult> results) {
        List<String> reasons = new ArrayList<>();
        for (int i = 0; i < results.size(); i++) {
            reasons.add(all.get(i).finishReason(results.get(i).finishReason().wire()));
        }
        return reasons;
    }

    int reasoningTokens() {
        return all.stream().mapToInt(ChatChoice::reasoningTokens).sum();
    }
}
