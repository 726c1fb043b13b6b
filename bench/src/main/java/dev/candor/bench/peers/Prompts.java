package dev.candor.bench.peers;

import dev.candor.inference.text.Tokenizer;
import java.util.List;
import java.util.Random;

/** Texts of a wanted number of tokens that nobody has seen before, so that no cache of prompts answers. Not thread-safe. */
final class Prompts {
    private static final List<String> WORDS = List.of(
            ("time year people way day man thing woman life child world school state family student group country problem hand part place case "
                    + "week company system program question work government number night point home water room mother area money story fact month "
                    + "lot right study book eye job word business issue side kind head house service friend father power hour game line end member "
                    + "law car city community name president team minute idea body information back parent face others level office door health "
                    + "person art war history party result change morning reason research girl guy moment air teacher force education")
                    .split(" "));

    private final Tokenizer tokenizer;
    private final Random random;

    /** @param seed of the texts; another one for each run, since servers may keep what they have seen */
    Prompts(Tokenizer tokenizer, long seed) {
        this.tokenizer = tokenizer;
        this.random = new Random(seed);
    }

    /** A text that this tokenizer makes {@code tokens} of, or one or two less. */
    String unseen(int tokens) {
        StringBuilder text = new StringBuilder(Long.toString(random.nextInt(100_000)));
        int have = tokenizer.encode(text.toString()).length;
        while (have < tokens) {
            int missing = tokens - have;
            StringBuilder more = new StringBuilder(text);
            for (int i = 0; i < Math.max(1, missing * 9 / 10); i++) {
                more.append(' ').append(WORDS.get(random.nextInt(WORDS.size())));
            }
            int count = tokenizer.encode(more.toString()).length;
            if (count > tokens) {
                return text.toString();
            }
            text = more;
            have = count;
        }
        return text.toString();
    }
}
