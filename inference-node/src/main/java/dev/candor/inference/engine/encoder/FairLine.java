package dev.candor.inference.engine.encoder;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * What waits, shared out so that each client gets as many tokens as another, and within a client each request its turn. Not thread-safe.
 */
final class FairLine {
    /** A client's requests that wait, and how many tokens it was given, counted from where the least served stood when it came. */
    private static final class Flow {
        private final Deque<EncoderWork> works = new ArrayDeque<>();
        private long served;
        private long tokens;
    }

    private final Map<String, Flow> flows = new HashMap<>();
    private long tokens;
    private int requests;

    void add(EncoderWork work) {
        Flow flow = flows.get(work.client());
        if (flow == null) {
            flow = new Flow();
            flow.served = flows.values().stream().mapToLong(each -> each.served).min().orElse(0);
            flows.put(work.client(), flow);
        }
        flow.works.add(work);
        flow.tokens += work.tokens();
        tokens += work.tokens();
        requests++;
    }

    boolean isEmpty() {
        return requests == 0;
    }

    /** Requests with a sequence that waits. */
    int requests() {
        return requests;
    }

    /** Tokens of all requests that wait, those of their sequences at work included. */
    long tokens() {
        return tokens;
    }

    /** Of those, a client's. */
    long tokens(String client) {
        Flow flow = flows.get(client);
        return flow == null ? 0 : flow.tokens;
    }

    /** Takes sequences of at most {@code budget} tokens together, but always one if any waits. */
    List<EncoderWork.Item> take(int budget) {
        dropEnded();
        List<EncoderWork.Item> taken = new ArrayList<>();
        int left = budget;
        while (!flows.isEmpty()) {
            Flow flow = leastServed();
            EncoderWork work = flow.works.getFirst();
            int length = work.peek().length();
            if (length > left && !taken.isEmpty()) {
                break;
            }
            taken.add(work.next());
            left -= length;
            flow.served += length;
            flow.works.removeFirst();
            if (work.allTaken()) {
                leave(work, flow);
            } else {
                flow.works.addLast(work);
            }
        }
        return taken;
    }

    private Flow leastServed() {
        Flow least = null;
        for (Flow flow : flows.values()) {
            least = least == null || flow.served < least.served ? flow : least;
        }
        return least;
    }

    /** Everything that waits, which then waits no more. */
    List<EncoderWork> clear() {
        List<EncoderWork> all = flows.values().stream().flatMap(flow -> flow.works.stream()).toList();
        flows.clear();
        tokens = 0;
        requests = 0;
        return all;
    }

    /** Takes out what is not wanted any more. */
    void dropEnded() {
        for (Flow flow : List.copyOf(flows.values())) {
            for (Iterator<EncoderWork> each = flow.works.iterator(); each.hasNext(); ) {
                EncoderWork work = each.next();
                if (work.over()) {
                    each.remove();
                    leave(work, flow);
                }
            }
        }
    }

    private void leave(EncoderWork work, Flow flow) {
        tokens -= work.tokens();
        flow.tokens -= work.tokens();
        requests--;
        if (flow.works.isEmpty()) {
            flows.remove(work.client());
        }
    }
}
