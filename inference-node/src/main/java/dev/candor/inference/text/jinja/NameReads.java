package dev.candor.inference.text.jinja;

/** Notes the names that an expression reads. */
final class NameReads {
    private NameReads() {
    }

    /** @param expression may be null */
    static void in(Expr expression, ScopeNames names) {
        switch (expression) {
            case null -> { }
            case Expr.Literal _ -> { }
            case Expr.Name name -> names.read(name.name());
            case Expr.ListOf list -> list.items().forEach(item -> in(item, names));
            case Expr.TupleOf tuple -> tuple.items().forEach(item -> in(item, names));
            case Expr.DictOf dict -> dict.pairs().forEach(pair -> {
                in(pair.key(), names);
                in(pair.value(), names);
            });
            case Expr.Attribute attribute -> in(attribute.object(), names);
            case Expr.Item item -> both(item.object(), item.index(), names);
            case Expr.Slice slice -> {
                both(slice.object(), slice.start(), names);
                both(slice.stop(), slice.step(), names);
            }
            case Expr.Call call -> called(call.function(), call.arguments(), names);
            case Expr.Filter filter -> called(filter.input(), filter.arguments(), names);
            case Expr.Test test -> called(test.input(), test.arguments(), names);
            case Expr.Negate negate -> in(negate.operand(), names);
            case Expr.Plus plus -> in(plus.operand(), names);
            case Expr.Binary binary -> both(binary.left(), binary.right(), names);
            case Expr.Concat concat -> concat.parts().forEach(part -> in(part, names));
            case Expr.Compare compare -> {
                in(compare.first(), names);
                compare.rest().forEach(comparand -> in(comparand.right(), names));
            }
            case Expr.And and -> both(and.left(), and.right(), names);
            case Expr.Or or -> both(or.left(), or.right(), names);
            case Expr.Not not -> in(not.operand(), names);
            case Expr.Conditional conditional -> {
                both(conditional.test(), conditional.then(), names);
                in(conditional.otherwise(), names);
            }
        }
    }

    private static void both(Expr first, Expr second, ScopeNames names) {
        in(first, names);
        in(second, names);
    }

    private static void called(Expr object, Expr.CallArguments arguments, ScopeNames names) {
        in(object, names);
        arguments.positional().forEach(argument -> in(argument, names));
        arguments.named().forEach(argument -> in(argument.value(), names));
        both(arguments.star(), arguments.starStar(), names);
    }
}
