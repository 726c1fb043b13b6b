package dev.candor.inference.structured;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds programs that can never end, or never get on. */
final class ProgramCheck {
    private final Program program;
    private final ShortestWays ways;
    private final Optional<SchemaProblem> contradiction;

    /** @param contradiction the first that was found in a schema */
    ProgramCheck(Program program, ShortestWays ways, Optional<SchemaProblem> contradiction) {
        this.program = program;
        this.ways = ways;
        this.contradiction = contradiction;
    }

    void check() throws UnsupportedGrammarException {
        if (ways.tokens(program.starts()[0]) >= ShortestWays.NONE) {
            throw contradiction.map(SchemaProblem::forUser).orElseGet(() ->
                    new UnsupportedGrammarException("", "schema", "no text can satisfy it, or none that is short enough"));
        }
        for (int node = 0; node < program.nodes(); node++) {
            if (program.kinds()[node] == Program.LOOP && ways.tokens(program.starts()[program.operands()[node][0]]) == 0) {
                throw new UnsupportedGrammarException("", "repeat", "what is repeated may be empty");
            }
        }
        checkCalls();
    }

    // A rule that calls itself before any byte would be called without end.
    private void checkCalls() throws UnsupportedGrammarException {
        int rules = program.starts().length;
        List<Set<Integer>> callers = new ArrayList<>();
        int[] open = new int[rules];
        for (int rule = 0; rule < rules; rule++) {
            callers.add(new HashSet<>());
        }
        for (int rule = 0; rule < rules; rule++) {
            for (int called : calledAtOnce(rule)) {
                if (callers.get(called).add(rule)) {
                    open[rule]++;
                }
            }
        }
        Deque<Integer> free = new ArrayDeque<>();
        for (int rule = 0; rule < rules; rule++) {
            if (open[rule] == 0) {
                free.add(rule);
            }
        }
        int done = 0;
        while (!free.isEmpty()) {
            done++;
            for (int caller : callers.get(free.poll())) {
                if (--open[caller] == 0) {
                    free.add(caller);
                }
            }
        }
        if (done < rules) {
            throw new UnsupportedGrammarException("", "$ref", "a schema refers to itself without an object or array between: such a loop never ends");
        }
    }

    private Set<Integer> calledAtOnce(int rule) {
        Set<Integer> called = new HashSet<>();
        Set<Integer> seen = new HashSet<>();
        Deque<Integer> nodes = new ArrayDeque<>(List.of(program.starts()[rule]));
        while (!nodes.isEmpty()) {
            int node = nodes.poll();
            if (!seen.add(node)) {
                continue;
            }
            int[] operands = program.operands()[node];
            switch (program.kinds()[node]) {
                case Program.SPLIT -> {
                    for (int target : operands) {
                        nodes.add(target);
                    }
                }
                case Program.CALL, Program.LOOP -> {
                    called.add(operands[0]);
                    if (ways.tokens(program.starts()[operands[0]]) == 0) {
                        nodes.add(operands[operands.length - 1]);
                    }
                }
                default -> { }
            }
        }
        return called;
    }
}
