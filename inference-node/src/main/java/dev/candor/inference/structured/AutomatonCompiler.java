package dev.candor.inference.structured;

import com.fasterxml.jackson.databind.JsonNode;
import dev.candor.inference.structured.Grammar.JsonSchema;
import dev.candor.inference.text.TokenBytes;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** Compiles grammars to automata and keeps those that were used last. */
public final class AutomatonCompiler implements ConstraintCompiler {
    private final TokenBytes vocabulary;
    private final int[] endTokens;
    private final ConstraintLimits limits;
    private final Map<String, Outcome> cache;
    private TokenIndex index;

    /**
     * @param vocabulary what each token stands for
     * @param endTokens  ids that end an answer; allowed where a text may end
     */
    public AutomatonCompiler(TokenBytes vocabulary, int[] endTokens, ConstraintLimits limits) {
        this.vocabulary = vocabulary;
        this.endTokens = endTokens.clone();
        this.limits = limits;
        this.cache = new LinkedHashMap<>(16, 0.75f, true);
    }

    @Override
    public CompiledConstraint compile(Grammar grammar) throws UnsupportedGrammarException {
        String key = digest(new GrammarText(limits).of(grammar));
        Outcome outcome;
        synchronized (cache) {
            outcome = cache.get(key);
        }
        if (outcome == null) {
            outcome = kept(key, outcome(grammar));
        }
        return switch (outcome) {
            case Made made -> made.automaton;
            case Refused refused -> throw refused.again();
        };
    }

    private Outcome outcome(Grammar grammar) {
        try {
            return new Made(build(grammar));
        } catch (UnsupportedGrammarException e) {
            return new Refused(e.pointer(), e.keyword(), e.getMessage());
        }
    }

    private static String digest(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_16BE)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** @return what is kept, which another thread may have compiled meanwhile */
    private Outcome kept(String key, Outcome outcome) {
        synchronized (cache) {
            Outcome first = cache.putIfAbsent(key, outcome);
            if (first != null) {
                return first;
            }
            long bytes = cache.values().stream().mapToLong(Outcome::bytes).sum();
            Iterator<Outcome> oldest = cache.values().iterator();
            while (cache.size() > limits.cachedGrammars() || bytes > limits.cachedBytes() && cache.size() > 1) {
                bytes -= oldest.next().bytes();
                oldest.remove();
            }
            return outcome;
        }
    }

    /** What became of a grammar. */
    private sealed interface Outcome {
        long bytes();
    }

    private record Made(CompiledAutomaton automaton) implements Outcome {
        @Override
        public long bytes() {
            return automaton.bytes();
        }
    }

    private record Refused(String pointer, String keyword, String problem) implements Outcome {
        UnsupportedGrammarException again() {
            return new UnsupportedGrammarException(pointer, keyword, problem);
        }

        @Override
        public long bytes() {
            return 0;
        }
    }

    // Sorting a vocabulary takes tens of milliseconds and some memory, which models that never need it are spared.
    private synchronized TokenIndex index() {
        if (index == null) {
            index = new TokenIndex(vocabulary, endTokens);
        }
        return index;
    }

    private CompiledAutomaton build(Grammar grammar) throws UnsupportedGrammarException {
        try {
            TokenIndex tokens = index();
            WorkBudget budget = new WorkBudget(limits);
            ProgramBuilder builder = new ProgramBuilder(budget);
            int whole = builder.newRule();
            int end = builder.end();
            builder.start(whole, new GrammarTranslator(vocabulary, limits, builder).emit(grammar, end));
            Program program = builder.build();
            ShortestWays ways = ShortestWays.of(program, tokens, budget);
            new ProgramCheck(program, ways, builder.contradiction()).check();
            return new CompiledAutomaton(new LazyAutomaton(program, ways, end, limits), tokens, limits.maskReadings());
        } catch (WorkBudget.LimitException e) {
            throw new UnsupportedGrammarException("", name(grammar), "the grammar is too large: " + e.getMessage());
        }
    }

    private static String name(Grammar grammar) {
        return switch (grammar) {
            case JsonSchema(JsonNode schema) -> "schema";
            case Grammar.Regex regex -> "regex";
            case Grammar.Choice choice -> "choice";
            default -> "grammar";
        };
    }
}
