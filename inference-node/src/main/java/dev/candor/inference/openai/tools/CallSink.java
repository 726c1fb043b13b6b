package dev.candor.inference.openai.tools;

import java.util.Optional;

/** Numbers the calls of one answer, and lets no more of them out than the request wants. */
final class CallSink {
    private static final int DROPPED = -1;

    private final ToolRequest tools;
    private final ToolFormat format;
    private final CallIds ids;
    private final Deltas out;
    private int calls;

    CallSink(ToolRequest tools, ToolFormat format, CallIds ids, Deltas out) {
        this.tools = tools;
        this.format = format;
        this.ids = ids;
        this.out = out;
    }

    boolean callable(String name) {
        Optional<FunctionTool> tool = tools.callable(name);
        return tool.isPresent();
    }

    /** @return the call's index, for {@link #arguments} */
    int start(String name) {
        if (tools.single() && calls > 0) {
            return DROPPED;
        }
        out.start(calls, ids.id(calls, format), name);
        return calls++;
    }

    void arguments(int index, String fragment) {
        if (index != DROPPED) {
            out.arguments(index, fragment);
        }
    }

    int calls() {
        return calls;
    }
}
