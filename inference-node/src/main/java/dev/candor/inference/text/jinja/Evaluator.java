package dev.candor.inference.text.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Evaluates expressions in a scope. */
final class Evaluator {
    private final Runtime runtime;
    private final Operators operators;
    private final Comparison comparison;
    private final Access access;

    Evaluator(Runtime runtime) {
        this.runtime = runtime;
        this.operators = new Operators(runtime);
        this.comparison = new Comparison(runtime);
        this.access = new Access(runtime);
    }

    Value evaluate(Expr expression, Scope scope) {
        runtime.budget().enter();
        Value value = dispatch(expression, scope);
        runtime.budget().leave();
        return value;
    }

    private Value dispatch(Expr expression, Scope scope) {
        return switch (expression) {
            case Expr.Literal literal -> literal.value();
            case Expr.Name name -> scope.get(name.name());
            case Expr.ListOf list -> runtime.list(all(list.items(), scope));
            case Expr.TupleOf tuple -> new Value.Tuple(all(tuple.items(), scope), List.of());
            case Expr.DictOf dict -> dict(dict, scope);
            case Expr.Attribute attribute -> access.attribute(evaluate(attribute.object(), scope), attribute.name());
            case Expr.Item item -> access.item(evaluate(item.object(), scope), evaluate(item.index(), scope));
            case Expr.Slice slice -> access.slice(evaluate(slice.object(), scope), part(slice.start(), scope),
                    part(slice.stop(), scope), part(slice.step(), scope));
            case Expr.Call call -> runtime.call(evaluate(call.function(), scope), arguments(call.arguments(), scope));
            case Expr.Filter filter -> runtime.filter(filter.name(), evaluate(filter.input(), scope), arguments(filter.arguments(), scope));
            case Expr.Test test -> Value.Bool.of(
                    runtime.test(test.name(), evaluate(test.input(), scope), arguments(test.arguments(), scope)));
            case Expr.Negate negate -> operators.negate(evaluate(negate.operand(), scope));
            case Expr.Plus plus -> operators.plus(evaluate(plus.operand(), scope));
            case Expr.Binary binary -> operators.binary(binary.operator(), evaluate(binary.left(), scope), evaluate(binary.right(), scope));
            case Expr.Concat concat -> concat(concat, scope);
            case Expr.Compare compare -> compare(compare, scope);
            case Expr.And and -> {
                Value left = evaluate(and.left(), scope);
                yield Truth.of(left) ? evaluate(and.right(), scope) : left;
            }
            case Expr.Or or -> {
                Value left = evaluate(or.left(), scope);
                yield Truth.of(left) ? left : evaluate(or.right(), scope);
            }
            case Expr.Not not -> Value.Bool.of(!Truth.of(evaluate(not.operand(), scope)));
            case Expr.Conditional conditional -> conditional(conditional, scope);
        };
    }

    private Value part(Expr expression, Scope scope) {
        return expression == null ? null : evaluate(expression, scope);
    }

    private List<Value> all(List<Expr> expressions, Scope scope) {
        List<Value> values = new ArrayList<>(expressions.size());
        expressions.forEach(expression -> values.add(evaluate(expression, scope)));
        return values;
    }

    private Value dict(Expr.DictOf dict, Scope scope) {
        DictKeys.Builder builder = new DictKeys.Builder(runtime.budget());
        dict.pairs().forEach(pair -> builder.put(evaluate(pair.key(), scope), evaluate(pair.value(), scope)));
        return builder.build();
    }

    private Value concat(Expr.Concat concat, Scope scope) {
        StringBuilder out = new StringBuilder();
        for (Expr part : concat.parts()) {
            String text = runtime.str(evaluate(part, scope));
            runtime.budget().allocate(text.length());
            out.append(text);
        }
        return new Value.Str(out.toString());
    }

    private Value compare(Expr.Compare compare, Scope scope) {
        Value left = evaluate(compare.first(), scope);
        for (Expr.Comparand comparand : compare.rest()) {
            Value right = evaluate(comparand.right(), scope);
            if (!comparison.holds(comparand.operator(), left, right)) {
                return Value.Bool.FALSE;
            }
            left = right;
        }
        return Value.Bool.TRUE;
    }

    private Value conditional(Expr.Conditional conditional, Scope scope) {
        if (Truth.of(evaluate(conditional.test(), scope))) {
            return evaluate(conditional.then(), scope);
        }
        return conditional.otherwise() != null ? evaluate(conditional.otherwise(), scope)
                : new Value.Undefined("the inline if-expression on line " + conditional.line()
                        + " evaluated to false and no else section was defined.");
    }

    Arguments arguments(Expr.CallArguments given, Scope scope) {
        if (given == Expr.CallArguments.NONE) {
            return Arguments.NONE;
        }
        List<Value> positional = all(given.positional(), scope);
        Map<String, Value> named = new LinkedHashMap<>();
        given.named().forEach(argument -> named.put(argument.name(), evaluate(argument.value(), scope)));
        if (given.star() != null) {
            positional.addAll(runtime.items(evaluate(given.star(), scope)));
        }
        if (given.starStar() != null) {
            spread(evaluate(given.starStar(), scope), named);
        }
        return new Arguments(positional, named);
    }

    private static void spread(Value value, Map<String, Value> named) {
        if (!(value instanceof Value.Dict dict)) {
            throw new JinjaError("argument after ** must be a mapping, not " + value.typeName());
        }
        for (Value.DictEntry entry : dict.entries().values()) {
            if (!(entry.key() instanceof Value.Str name)) {
                throw new JinjaError("keywords must be strings");
            }
            if (named.put(name.text(), entry.value()) != null) {
                throw new JinjaError("got multiple values for keyword argument " + PyRepr.quote(name.text()));
            }
        }
    }
}
