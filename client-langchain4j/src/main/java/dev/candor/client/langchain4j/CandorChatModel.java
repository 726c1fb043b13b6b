package dev.candor.client.langchain4j;

import dev.candor.client.CandorClient;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import java.util.List;
import java.util.Set;

/**
 * A chat model of a Candor node: every answer is paid for within the client's limits and verified before it is given. The response's metadata are
 * {@link CandorChatResponseMetadata}, with the receipt. What goes wrong is a {@link dev.candor.client.error.CandorException}. Thread-safe.
 */
public final class CandorChatModel implements ChatModel {
    private final CandorClient candor;
    private final ChatRequestParameters defaults;
    private final List<ChatModelListener> listeners;

    /**
     * A model with its defaults and listeners.
     *
     * @param candor   is not closed with the model
     * @param defaults what requests do not say, the model's name among it
     */
    public CandorChatModel(CandorClient candor, ChatRequestParameters defaults, List<ChatModelListener> listeners) {
        this.candor = candor;
        this.defaults = defaults;
        this.listeners = List.copyOf(listeners);
    }

    /** The model of a name, as {@link CandorClient#models} gives it. */
    public static CandorChatModel of(CandorClient candor, String model) {
        return new CandorChatModel(candor, ChatRequestParameters.builder().modelName(model).build(), List.of());
    }

    @Override
    public ChatResponse doChat(ChatRequest request) {
        return ResponseMapping.response(candor.chat(RequestMapping.request(request)));
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
