package dev.candor.inference.replay;

import dev.candor.inference.engine.FinishReason;

/** The engine's words for those of the API. */
final class EngineWords {
    private EngineWords() {}

    /** What the API calls the end by a call of a tool is an ordinary end to the engine. */
    static String reason(String wire) {
        return wire.equals("tool_calls") || wire.equals("function_call") ? FinishReason.STOP.wire() : wire;
    }
}
