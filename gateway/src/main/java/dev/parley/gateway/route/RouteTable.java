package dev.parley.gateway.route;

import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds the route of a path: the longest matching prefix, a literal segment before a {@code *}. */
@ApplicationScoped
public class RouteTable {
    private static final String ANY = "*";

    private final Node root = new Node();
    private final List<Route> routes = new ArrayList<>();

    RouteTable(RouteConfig config) {
        config.rules().forEach((name, rule) -> {
            URI service = config.services().get(rule.service());
            if (service == null || service.getHost() == null) {
                throw new IllegalStateException("gateway.route.services." + rule.service()
                        + " must be the http address of the service that route " + name + " names");
            }
            var route = new Route(name, rule, service, config.bodyTimeout());
            routes.add(route);
            rule.paths().forEach(path -> add(path, route));
        });
    }

    /** The route, or null when no service serves this path. The path starts with a slash. */
    public Route find(String path) {
        return find(root, path, 1).route;
    }

    /** All routes. */
    public List<Route> routes() {
        return List.copyOf(routes);
    }

    private void add(String path, Route route) {
        Node node = root;
        for (String segment : path.substring(1).split("/")) {
            node = node.children.computeIfAbsent(segment, s -> new Node());
        }
        if (node.route != null) {
            throw new IllegalStateException(
                    "two routes have the path " + path + ": " + node.route.name() + " and " + route.name());
        }
        node.route = route;
    }

    private static Match find(Node node, String path, int from) {
        Match best = new Match(node.route, from);
        if (from < path.length()) {
            int end = path.indexOf('/', from);
            int to = end < 0 ? path.length() : end;
            best = deeper(best, node.children.get(path.substring(from, to)), path, to + 1);
            if (to > from) {
                best = deeper(best, node.children.get(ANY), path, to + 1);
            }
        }
        return best;
    }

    private static Match deeper(Match best, Node next, String path, int from) {
        if (next == null) {
            return best;
        }
        Match match = find(next, path, from);
        return match.route != null && (best.route == null || match.depth > best.depth) ? match : best;
    }

    private record Match(Route route, int depth) {}

    private static final class Node {
        private final Map<String, Node> children = new HashMap<>();
        private Route route;
    }
}
