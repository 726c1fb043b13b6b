package dev.candor.inference.text.jinja;

import java.util.List;

/** An expression of a parsed template. */
sealed interface Expr {
    record Literal(Value value) implements Expr {
    }

    record Name(String name) implements Expr {
    }

    record ListOf(List<Expr> items) implements Expr {
    }

    record TupleOf(List<Expr> items) implements Expr {
    }

    record DictOf(List<Pair> pairs) implements Expr {
    }

    record Pair(Expr key, Expr value) {
    }

    record Attribute(Expr object, String name) implements Expr {
    }

    record Item(Expr object, Expr index) implements Expr {
    }

    /** Each part may be null. */
    record Slice(Expr object, Expr start, Expr stop, Expr step) implements Expr {
    }

    record Call(Expr function, CallArguments arguments) implements Expr {
    }

    record Filter(Expr input, String name, CallArguments arguments) implements Expr {
    }

    record Test(Expr input, String name, CallArguments arguments) implements Expr {
    }

    record Negate(Expr operand) implements Expr {
    }

    record Plus(Expr operand) implements Expr {
    }

    record Binary(String operator, Expr left, Expr right) implements Expr {
    }

    record Concat(List<Expr> parts) implements Expr {
    }

    record Compare(Expr first, List<Comparand> rest) implements Expr {
    }

    /** @param operator {@code == != < <= > >= in}, or {@code not in} */
    record Comparand(String operator, Expr right) {
    }

    record And(Expr left, Expr right) implements Expr {
    }

    record Or(Expr left, Expr right) implements Expr {
    }

    record Not(Expr operand) implements Expr {
    }

    /** @param otherwise null if there is no {@code else} */
    record Conditional(Expr test, Expr then, Expr otherwise, int line) implements Expr {
    }

    /**
     * @param star     what {@code *} stands before, or null
     * @param starStar what {@code **} stands before, or null
     */
    record CallArguments(List<Expr> positional, List<Named> named, Expr star, Expr starStar) {
        static final CallArguments NONE = new CallArguments(List.of(), List.of(), null, null);
    }

    record Named(String name, Expr value) {
    }
}
