package dev.candor.inference.structured;

import dev.candor.inference.engine.sampling.TokenConstraint;
import dev.candor.inference.text.TokenBytes;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/** Plays a model that says anything it is allowed to say. */
final class RandomWalk {
    private final TokenBytes vocabulary;
    private final int end;
    private final Random random;

    RandomWalk(TokenBytes vocabulary, int end, Random random) {
        this.vocabulary = vocabulary;
        this.end = end;
        this.random = random;
    }

    /** A text of at most so many tokens. */
    String text(CompiledConstraint compiled, int maxTokens) {
        TokenConstraint constraint = compiled.start();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int left = maxTokens; left > 0 && !constraint.complete(); left--) {
            int token = choose(constraint.allowed(left));
            constraint.accept(token);
            if (token == end) {
                break;
            }
            bytes.writeBytes(vocabulary.bytes(token));
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private int choose(long[] mask) {
        int[] ids = TestVocabularies.ids(mask);
        if (ids.length == 0) {
            throw new AssertionError("no token is allowed");
        }
        // Ends are rare among tens of thousands of tokens; without some help the walk would seldom meet one.
        if (random.nextInt(4) == 0) {
            int best = ids[0];
            for (int i = 0; i < 40; i++) {
                int id = ids[random.nextInt(ids.length)];
                byte[] bytes = vocabulary.bytes(id);
                if (bytes.length == 0 || bytes[0] == '"' || bytes[0] == '}' || bytes[0] == ']') {
                    best = id;
                }
            }
            return best;
        }
        return ids[random.nextInt(ids.length)];
    }
}
