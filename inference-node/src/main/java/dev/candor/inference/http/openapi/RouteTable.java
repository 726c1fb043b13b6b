package dev.candor.inference.http.openapi;

import java.util.List;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;

/** The routes that are mounted. Thread-safe. */
public final class RouteTable {
    private final List<ApiRoute> routes = new CopyOnWriteArrayList<>();

    /** @throws IllegalStateException if the method has that path already, or the operation's id is another's */
    public void add(ApiRoute route) {
        for (ApiRoute other : routes) {
            boolean same = other.method().equals(route.method()) && other.path().documented().equals(route.path().documented());
            if (same || other.operation().equals(route.operation())) {
                throw new IllegalStateException(route.method() + " " + route.path().text() + " is mounted twice, as " + route.operation());
            }
        }
        routes.add(route);
    }

    public List<ApiRoute> routes() {
        return List.copyOf(routes);
    }

    /** The methods that a path takes. A path of many segments counts as what its last one says, if some route says that. */
    public SortedSet<String> methods(String path) {
        SortedSet<String> methods = new TreeSet<>();
        matching(path).forEach(route -> methods.add(route.method()));
        return methods;
    }

    /** Bytes of a body that is sent to a path, where one can be. */
    public OptionalInt maxBody(String path) {
        return matching(path).stream().flatMapToInt(route -> route.maxBody().stream()).max();
    }

    private List<ApiRoute> matching(String path) {
        List<ApiRoute> all = routes.stream().filter(route -> route.path().pattern().matcher(path).matches()).toList();
        List<ApiRoute> closed = all.stream().filter(route -> !route.path().open()).toList();
        return closed.isEmpty() ? all : closed;
    }
}
