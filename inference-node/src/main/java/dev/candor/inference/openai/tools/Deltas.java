package dev.candor.inference.openai.tools;

import java.util.ArrayList;
import java.util.List;

/** Collects the pieces that one text gives; neighbours of a kind become one. */
final class Deltas {
    private final List<AnswerDelta> list = new ArrayList<>();

    void content(String text) {
        if (!text.isEmpty()) {
            if (!list.isEmpty() && list.getLast() instanceof AnswerDelta.Content before) {
                list.set(list.size() - 1, new AnswerDelta.Content(before.text() + text));
            } else {
                list.add(new AnswerDelta.Content(text));
            }
        }
    }

    void reasoning(String text) {
        if (!text.isEmpty()) {
            if (!list.isEmpty() && list.getLast() instanceof AnswerDelta.Reasoning before) {
                list.set(list.size() - 1, new AnswerDelta.Reasoning(before.text() + text));
            } else {
                list.add(new AnswerDelta.Reasoning(text));
            }
        }
    }

    void start(int index, String id, String name) {
        list.add(new AnswerDelta.CallStart(index, id, name));
    }

    void arguments(int index, String fragment) {
        if (!fragment.isEmpty()) {
            if (!list.isEmpty() && list.getLast() instanceof AnswerDelta.CallArguments before && before.index() == index) {
                list.set(list.size() - 1, new AnswerDelta.CallArguments(index, before.fragment() + fragment));
            } else {
                list.add(new AnswerDelta.CallArguments(index, fragment));
            }
        }
    }

    List<AnswerDelta> take() {
        List<AnswerDelta> taken = List.copyOf(list);
        list.clear();
        return taken;
    }
}
