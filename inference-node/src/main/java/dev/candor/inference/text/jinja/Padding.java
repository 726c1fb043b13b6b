package dev.candor.inference.text.jinja;

/** Filling a string up to a width in code points. */
final class Padding {
    private Padding() {
    }

    static String left(Runtime runtime, String self, Bound bound) {
        int missing = missing(runtime, self, bound.integer(0, 0));
        return self + fill(bound).repeat(missing);
    }

    static String right(Runtime runtime, String self, Bound bound) {
        int missing = missing(runtime, self, bound.integer(0, 0));
        return fill(bound).repeat(missing) + self;
    }

    /** Where the space cannot be halved, the odd place goes left exactly if the width is odd, as in CPython. */
    static String center(Runtime runtime, String self, Bound bound) {
        int width = bound.integer(0, 0);
        int missing = missing(runtime, self, width);
        int left = missing / 2 + (missing & width & 1);
        return fill(bound).repeat(left) + self + fill(bound).repeat(missing - left);
    }

    static String zeros(Runtime runtime, String self, int width) {
        boolean signed = self.startsWith("-") || self.startsWith("+");
        String zeros = "0".repeat(missing(runtime, self, width));
        return signed ? self.charAt(0) + zeros + self.substring(1) : zeros + self;
    }

    /** @param align one of {@code < > ^ =}; {@code =} puts the fill after a sign */
    static String aligned(Runtime runtime, String self, int width, String fill, char align) {
        String filling = fill.repeat(missing(runtime, self, width));
        return switch (align) {
            case '<' -> self + filling;
            case '^' -> filling.substring(0, filling.length() / fill.length() / 2 * fill.length()) + self
                    + filling.substring(filling.length() / fill.length() / 2 * fill.length());
            case '=' -> self.startsWith("-") || self.startsWith("+") ? self.charAt(0) + filling + self.substring(1) : filling + self;
            default -> filling + self;
        };
    }

    private static int missing(Runtime runtime, String self, int width) {
        int missing = Math.max(0, width - PyText.length(self));
        runtime.budget().allocate(2L * missing + self.length());
        return missing;
    }

    private static String fill(Bound bound) {
        String fill = bound.text(1, " ");
        if (PyText.length(fill) != 1) {
            throw new JinjaError("The fill character must be exactly one character long");
        }
        return fill;
    }
}
