package dev.candor.client.langchain4j;

import dev.candor.client.CandorClient;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import java.util.List;
import java.util.Set;

/**
 * A chat model of a Candor node whose answers come in parts. The parts are not verified; complete tool calls and the complete response are given only
 * once the whole answer is, and {@code onError} gets what keeps it from being. A handler may cancel by its streaming handle. Thread-safe.
 */
public final class CandorStreamingChatModel implements StreamingChatModel {
    private final CandorClient candor;
    private final ChatRequestParameters defaults;
    private final List<ChatModelListener> listeners;

    /**
     * A model with its defaults and listeners.
     *
     * @param candor   is not closed with the model
     * @param defaults what requests do not say, the model's name among it
     */
    public CandorStreamingChatModel(CandorClient candor, ChatRequestParameters defaults, List<ChatModelListener> listeners) {
        this.candor = candor;
        this.defaults = defaults;
        this.listeners = List.copyOf(listeners);
    }

    /** The model of a name, as {@link CandorClient#models} gives it. */
    public static CandorStreamingChatModel of(CandorClient candor, String model) {
        return new CandorStreamingChatModel(candor, ChatRequestParameters.builder().modelName(model).build(), List.of());
    }

    @Override
    public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
        HandlerRelay relay = new HandlerRelay(handler);
        relay.follow(candor.async().stream(RequestMapping.request(request), relay));
    }

    @Override
    public ChatRequestParameters defaultRequestParameters() {
        return defaults;
    }

    @Override
    public List<ChatModelListener> listeners() {
        return listeners;
    }

    @Override
    public Set<Capability> supportedCapabilities() {
        return Set.of(Capability.RESPONSE_FORMAT_JSON_SCHEMA);
    }
}
