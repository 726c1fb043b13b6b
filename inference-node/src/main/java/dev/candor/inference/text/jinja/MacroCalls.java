package dev.candor.inference.text.jinja;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes macros and calls them with Jinja2's rules for arguments. */
final class MacroCalls {
    private final Renderer renderer;
    private final Evaluator evaluator;

    MacroCalls(Renderer renderer, Evaluator evaluator) {
        this.renderer = renderer;
        this.evaluator = evaluator;
    }

    Value.Callable macro(Stmt.Signature signature, List<Stmt> body, Scope definedIn) {
        return new Value.Callable("Macro", signature.name(),
                (runtime, arguments) -> renderer.capture(body, bind(signature, renderer.template().scope(body, definedIn), arguments)));
    }

    Value callBlock(Stmt.CallBlock block, Scope scope, Runtime runtime) {
        Value function = evaluator.evaluate(block.call().function(), scope);
        Arguments arguments = evaluator.arguments(block.call().arguments(), scope);
        Map<String, Value> named = new LinkedHashMap<>(arguments.named());
        named.put("caller", macro(block.signature(), block.body(), scope));
        return runtime.call(function, new Arguments(arguments.positional(), named));
    }

    private Scope bind(Stmt.Signature signature, Scope scope, Arguments arguments) {
        List<Stmt.Parameter> parameters = signature.parameters();
        Map<String, Value> named = new LinkedHashMap<>(arguments.named());
        int given = Math.min(arguments.positional().size(), parameters.size());
        boolean callerIsParameter = false;
        boolean[] present = new boolean[parameters.size()];
        for (int i = 0; i < parameters.size(); i++) {
            String name = parameters.get(i).name();
            Value value = i < given ? arguments.positional().get(i) : named.remove(name);
            present[i] = value != null;
            if (value != null) {
                scope.set(name, value);
            }
            callerIsParameter |= name.equals("caller");
        }
        specials(signature, scope, arguments, named, callerIsParameter);
        for (int i = 0; i < parameters.size(); i++) {
            if (!present[i]) {
                Stmt.Parameter parameter = parameters.get(i);
                scope.set(parameter.name(), parameter.fallback() != null ? evaluator.evaluate(parameter.fallback(), scope)
                        : new Value.Undefined("parameter " + PyRepr.quote(parameter.name()) + " was not provided"));
            }
        }
        return scope;
    }

    private static void specials(Stmt.Signature signature, Scope scope, Arguments arguments, Map<String, Value> named,
                                 boolean callerIsParameter) {
        String macro = "macro " + PyRepr.quote(signature.name());
        if (signature.specials().contains("caller") && !callerIsParameter) {
            Value caller = named.remove("caller");
            scope.set("caller", caller == null ? new Value.Undefined("No caller defined") : caller);
        }
        if (signature.specials().contains("kwargs")) {
            Map<Object, Value.DictEntry> entries = new LinkedHashMap<>();
            named.forEach((name, value) -> entries.put(name, new Value.DictEntry(new Value.Str(name), value)));
            scope.set("kwargs", new Value.Dict(entries));
        } else if (!named.isEmpty()) {
            throw new JinjaError(macro + " takes no keyword argument " + PyRepr.quote(named.keySet().iterator().next()));
        }
        int count = signature.parameters().size();
        if (signature.specials().contains("varargs")) {
            scope.set("varargs", new Value.Tuple(arguments.from(count).positional(), List.of()));
        } else if (arguments.positional().size() > count) {
            throw new JinjaError(macro + " takes not more than " + count + " argument(s)");
        }
    }
}
