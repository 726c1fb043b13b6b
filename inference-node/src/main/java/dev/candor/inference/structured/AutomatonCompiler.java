package dev.candor.inference.structured;

import com.fasterxml.jackson.databind.JsonNode;
import dev.candor.inference.structured.Grammar.JsonSchema;
import dev.candor.inference.text.TokenBytes;
import java.util.LinkedHashMap;
import java.util.Map;

/** Compiles grammars to automata and keeps those that were used last. */
public final class AutomatonCompiler implements ConstraintCompiler {
    private final TokenBytes vocabulary;
    private final int[] endTokens;
    private final ConstraintLimits limits;
    private final Map<String, CompiledAutomaton> cache;
    private long cachedBytes;
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
        String key = new GrammarText(limits).of(grammar);
        synchronized (cache) {
            CompiledAutomaton known = cache.get(key);
            if (known != null) {
                return known;
            }
        }
        CompiledAutomaton compiled = build(grammar);
        synchronized (cache) {
            return kept(key, compiled);
        }
    }

    // Several requests may have compiled the same at the same time; the first one's is kept, and counted once.
    private CompiledAutomaton kept(String key, CompiledAutomaton compiled) {
        CompiledAutomaton first = cache.putIfAbsent(key, compiled);
        if (first != null) {
            return first;
        }
        cachedBytes += key.length();
        var oldest = cache.entrySet().iterator();
        while (cache.size() > limits.cachedGrammars() || cachedBytes > (long) limits.cachedGrammars() * limits.grammarBytes() / 4) {
            cachedBytes -= oldest.next().getKey().length();
            oldest.remove();
        }
        return compiled;
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
            return new CompiledAutomaton(new LazyAutomaton(program, ways, end, limits), tokens);
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
