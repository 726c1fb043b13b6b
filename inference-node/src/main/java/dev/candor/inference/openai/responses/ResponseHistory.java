package dev.candor.inference.openai.responses;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.ErrorCode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The conversation that a request goes on with.
 *
 * @param before the items of the responses before it
 * @param input  the items of the request, those referred to in place of their references
 * @param owners whose the kept responses are that they come from
 */
public record ResponseHistory(List<ObjectNode> before, List<ObjectNode> input, Set<String> owners) {
    /**
     * Finds what a request refers to.
     *
     * @throws ApiException if it is not there or not the caller's, or there is too much of it
     */
    public static ResponseHistory of(ResponseRequest request, ResponseStore store, ResponseCaller caller) throws ApiException {
        Set<String> owners = new HashSet<>();
        List<ObjectNode> before = new ArrayList<>();
        if (request.previous().isPresent()) {
            for (StoredResponse each : store.conversation(request.previous().get(), caller)) {
                owners.add(each.owner());
                before.addAll(each.inputItems());
                before.addAll(each.outputItems());
            }
        }
        List<ObjectNode> input = new References(store, caller, owners).resolved(request.input());
        if (before.size() + input.size() > InputReader.MAX_ITEMS) {
            throw new ApiException(ErrorCode.INVALID_VALUE, "'input' makes a conversation of " + (before.size() + input.size()) + " items with all that is "
                    + "before it; " + InputReader.MAX_ITEMS + " are the most.", "input");
        }
        ResponseHistory history = new ResponseHistory(List.copyOf(before), List.copyOf(input), Set.copyOf(owners));
        history.requireCalls();
        return history;
    }

    /** A result of no call would be one that no template can show. */
    private void requireCalls() throws ApiException {
        Set<String> calls = new HashSet<>();
        before.forEach(item -> note(item, calls));
        for (int i = 0; i < input.size(); i++) {
            ObjectNode item = input.get(i);
            note(item, calls);
            String call = item.path("call_id").asText();
            if (item.path("type").asText().equals("function_call_output") && !calls.contains(call)) {
                throw new ApiException(ErrorCode.INVALID_VALUE, "No tool call found for function call output with call_id '" + call
                        + "': send the function_call before it, or the response that made it as 'previous_response_id'.", "input[" + i + "].call_id");
            }
        }
    }

    private static void note(ObjectNode item, Set<String> calls) {
        if (item.path("type").asText().equals("function_call")) {
            calls.add(item.path("call_id").asText());
        }
    }

    /** All items, oldest first. */
    public List<ObjectNode> all() {
        return Stream.concat(before.stream(), input.stream()).toList();
    }

    /** Where the conversation can begin once its oldest items are dropped: at a message of the user, but for the first item; in order. */
    public static List<Integer> laterBeginnings(List<ObjectNode> items) {
        return IntStream.range(1, items.size())
                .filter(i -> items.get(i).path("type").asText().equals("message") && items.get(i).path("role").asText().equals("user"))
                .boxed().toList();
    }

    /** Whether all of it is the caller's, now that it is known. */
    public boolean mayUse(ResponseCaller caller) {
        return owners.stream().allMatch(caller::mayUse);
    }

    /** Puts items in place of references to them; each response that has some is read once. */
    private static final class References {
        private final ResponseStore store;
        private final ResponseCaller caller;
        private final Set<String> owners;
        private final Map<String, Map<String, ObjectNode>> read = new HashMap<>();
        private long bytes;

        References(ResponseStore store, ResponseCaller caller, Set<String> owners) {
            this.store = store;
            this.caller = caller;
            this.owners = owners;
        }

        List<ObjectNode> resolved(List<ObjectNode> items) throws ApiException {
            List<ObjectNode> resolved = new ArrayList<>();
            for (int i = 0; i < items.size(); i++) {
                ObjectNode item = items.get(i);
                boolean reference = item.path("type").asText().equals(InputReader.REFERENCE);
                resolved.add(reference ? item(item.path("id").asText(), "input[" + i + "].id") : item);
            }
            return resolved;
        }

        private ObjectNode item(String id, String param) throws ApiException {
            StoredResponse holder = store.holder(id, caller).orElseThrow(() -> new ApiException(ErrorCode.INVALID_VALUE, "'" + param
                    + "': there is no item '" + id + "': it was never made here, is not yours, or is no longer kept. Send the item itself.", param));
            owners.add(holder.owner());
            if (!read.containsKey(holder.id())) {
                bytes += holder.bytes();
                if (bytes > ResponseStore.MAX_CONVERSATION) {
                    throw new ApiException(ErrorCode.INVALID_VALUE, "'input' refers to items of responses of more than "
                            + (ResponseStore.MAX_CONVERSATION >> 20) + " MiB: send some of the items themselves.", param);
                }
                read.put(holder.id(), holder.items());
            }
            return read.get(holder.id()).get(id);
        }
    }
}
