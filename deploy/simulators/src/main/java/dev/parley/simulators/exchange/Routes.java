package dev.parley.simulators.exchange;

import java.util.ArrayList;
import java.util.List;

/**
 * Finds a handler by method and path; {@code {name}} in a template stands for one segment.
 *
 * @param <H> what is found
 */
public final class Routes<H> {

    /** A handler and the path's values in the order of the template. */
    public record Found<H>(H handler, List<String> values) {}

    private record Route<H>(String method, String[] segments, H handler) {}

    private final List<Route<H>> routes = new ArrayList<>();

    /** Adds a route; earlier ones win. */
    public Routes<H> add(String method, String template, H handler) {
        routes.add(new Route<>(method, template.substring(1).split("/"), handler));
        return this;
    }

    /** The handler, or null. */
    public Found<H> find(String method, String path) {
        String[] segments = path.substring(Math.min(1, path.length())).split("/");
        for (Route<H> route : routes) {
            if (route.method().equals(method)) {
                List<String> values = values(route.segments(), segments);
                if (values != null) {
                    return new Found<>(route.handler(), values);
                }
            }
        }
        return null;
    }

    private static List<String> values(String[] template, String[] segments) {
        if (template.length != segments.length) {
            return null;
        }
        List<String> values = new ArrayList<>(2);
        for (int i = 0; i < template.length; i++) {
            if (template[i].startsWith("{")) {
                values.add(segments[i]);
            } else if (!template[i].equals(segments[i])) {
                return null;
            }
        }
        return values;
    }
}
