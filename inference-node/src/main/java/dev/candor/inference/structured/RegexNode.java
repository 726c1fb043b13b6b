package dev.candor.inference.structured;

import java.util.List;

/** What a regular expression says. */
sealed interface RegexNode {
    record Chars(CharRanges set) implements RegexNode {}

    record Concat(List<RegexNode> parts) implements RegexNode {}

    record Either(List<RegexNode> options) implements RegexNode {}

    /** @param max {@code -1} for no limit */
    record Repeated(RegexNode what, int min, int max) implements RegexNode {}

    /** The text begins here. */
    record Begin() implements RegexNode {}

    /** The text ends here. */
    record End() implements RegexNode {}
}
