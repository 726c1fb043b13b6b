package dev.candor.inference.engine.replay;

/** What came of computing an answer again. */
public sealed interface ReplayVerdict {
    /** The word for programs: {@code match}, {@code mismatch} or {@code not_comparable}. */
    String word();

    /** One sentence for people. */
    String detail();

    /** Every token, the end and the text are as computed. */
    record Match(int tokens) implements ReplayVerdict {
        @Override
        public String word() {
            return "match";
        }

        @Override
        public String detail() {
            return "all " + tokens + " tokens are what the model computes";
        }
    }

    /**
     * The answer is not what the model computes.
     *
     * @param choice the first choice of the answer, from 0 on, of which this is so
     * @param token  the first token of it, from 0 on, of which this is so; the number of tokens where only end or text differ
     */
    record Mismatch(int choice, int token, String detail) implements ReplayVerdict {
        /** The same, of one of several choices. */
        public Mismatch of(int number) {
            return new Mismatch(number, token, "choice " + number + ": " + detail);
        }

        @Override
        public String word() {
            return "mismatch";
        }
    }

    /** It cannot be told here. */
    record NotComparable(String detail) implements ReplayVerdict {
        @Override
        public String word() {
            return "not_comparable";
        }
    }
}
