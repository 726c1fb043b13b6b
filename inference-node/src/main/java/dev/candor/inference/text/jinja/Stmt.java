package dev.candor.inference.text.jinja;

import java.util.List;

/** A statement of a parsed template. */
sealed interface Stmt {
    record Text(String text) implements Stmt {
    }

    record Print(Expr value, int line) implements Stmt {
    }

    record If(List<Branch> branches, List<Stmt> otherwise) implements Stmt {
    }

    record Branch(Expr test, List<Stmt> body, int line) {
    }

    /** @param filter the condition after {@code if}, or null */
    record For(Target target, Expr series, Expr filter, boolean recursive, List<Stmt> body, List<Stmt> otherwise,
               int line) implements Stmt {
    }

    record Set(Target target, Expr value, int line) implements Stmt {
    }

    /** @param filter over {@link #BODY}, or null */
    record SetBlock(Target target, Expr filter, List<Stmt> body, int line) implements Stmt {
    }

    record Macro(Signature signature, List<Stmt> body, int line) implements Stmt {
    }

    record CallBlock(Signature signature, Expr.Call call, List<Stmt> body, int line) implements Stmt {
    }

    /** @param filter over {@link #BODY} */
    record FilterBlock(Expr filter, List<Stmt> body, int line) implements Stmt {
    }

    record With(List<Target> targets, List<Expr> values, List<Stmt> body, int line) implements Stmt {
    }

    /** A body whose assignments stay inside. */
    record Scoped(List<Stmt> body) implements Stmt {
    }

    record Break() implements Stmt {
    }

    record Continue() implements Stmt {
    }

    /** The name that a block's rendered body has for its filter; no template can write it. */
    Expr.Name BODY = new Expr.Name("(body)");

    /**
     * @param parameters names with their defaults; those without one come first
     * @param specials   which of {@code caller}, {@code varargs} and {@code kwargs} the body uses
     */
    record Signature(String name, List<Parameter> parameters, java.util.Set<String> specials) {
    }

    /** @param fallback null if the parameter has no default */
    record Parameter(String name, Expr fallback) {
    }

    /** Where an assignment goes. */
    sealed interface Target {
    }

    record NameTarget(String name) implements Target {
    }

    record TupleTarget(List<Target> targets) implements Target {
    }

    record NamespaceTarget(String namespace, String attribute) implements Target {
    }
}
