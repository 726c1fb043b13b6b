package dev.candor.inference.openai.responses;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.ErrorCode;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * Which part of a list of items is asked for.
 *
 * @param ascending oldest first
 * @param after     begin behind the item of this id
 * @param before    end in front of the item of this id
 */
public record ItemPage(int limit, boolean ascending, Optional<String> after, Optional<String> before) {
    private static final int DEFAULT_LIMIT = 20;
    private static final int MAX_LIMIT = 100;

    /** Reads the query. @throws ApiException naming the parameter at fault */
    public static ItemPage of(Optional<String> limit, Optional<String> order, Optional<String> after, Optional<String> before) throws ApiException {
        String word = order.orElse("desc");
        if (!word.equals("asc") && !word.equals("desc")) {
            throw invalid("order", "must be 'asc' or 'desc', got '" + word + "'");
        }
        return new ItemPage(limit.isEmpty() ? DEFAULT_LIMIT : number(limit.get()), word.equals("asc"), after, before);
    }

    private static int number(String limit) throws ApiException {
        String wanted = "must be a number from 1 to " + MAX_LIMIT + ", got '" + limit + "'";
        try {
            int number = Integer.parseInt(limit);
            if (number >= 1 && number <= MAX_LIMIT) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw invalid("limit", wanted);
        }
        throw invalid("limit", wanted);
    }

    /** {@code {"object":"list","data","first_id","last_id","has_more"}}. @param items oldest first, each with an id */
    public ObjectNode of(List<ObjectNode> items) throws ApiException {
        List<ObjectNode> ordered = ascending ? items : items.reversed();
        int from = after.isEmpty() ? 0 : position(ordered, "after", after.get()) + 1;
        int to = before.isEmpty() ? ordered.size() : Math.max(from, position(ordered, "before", before.get()));
        List<ObjectNode> page = ordered.subList(from, Math.min(to, from + limit));
        ObjectNode list = JsonNodeFactory.instance.objectNode().put("object", "list");
        ArrayNode data = list.putArray("data");
        page.forEach(data::add);
        list.put("first_id", page.isEmpty() ? null : page.getFirst().path("id").textValue());
        list.put("last_id", page.isEmpty() ? null : page.getLast().path("id").textValue());
        return list.put("has_more", to - from > page.size());
    }

    private static int position(List<ObjectNode> items, String name, String id) throws ApiException {
        OptionalInt found = IntStream.range(0, items.size()).filter(i -> items.get(i).path("id").asText().equals(id)).findFirst();
        if (found.isEmpty()) {
            throw invalid(name, "must be the id of one of the items, got '" + id + "'");
        }
        return found.getAsInt();
    }

    private static ApiException invalid(String name, String what) {
        return new ApiException(ErrorCode.INVALID_VALUE, "'" + name + "' " + what + ".", name);
    }
}
