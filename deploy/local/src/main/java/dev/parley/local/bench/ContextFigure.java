package dev.parley.local.bench;

import dev.parley.local.Part;
import dev.parley.local.Replica;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What it costs to turn a credential into a tenant context at the gateway: known already, in CPU per request against
 * the same request without a credential, in turns; and unknown, in time, with keys that were never used before.
 */
final class ContextFigure implements Figure {
    private static final int CONNECTIONS = 32;
    private static final int MISSES = 300;
    private static final int MISSES_PER_SECOND = 40;
    // Anonymous callers may ask for it too, so that the same route serves both sides.
    private static final String PATH = "/api/v1/plans";

    @Override
    public String name() {
        return "context";
    }

    @Override
    public String title() {
        return "a credential becomes a tenant context";
    }

    @Override
    public List<Line> measure(Bed bed) throws IOException, InterruptedException {
        Account owner = bed.signUp();
        Account.Key key = bed.key(owner, "chat", "read");
        try (Upstream upstream = new Upstream();
                Replica gateway = bed.gateway(upstream.url(), Map.of())) {
            List<Line> lines = hits(bed, gateway, key.secret(), owner.token());
            lines.addAll(misses(bed, gateway, owner));
            return lines;
        }
    }

    private static List<Line> hits(Bed bed, Replica gateway, String key, String token)
            throws IOException, InterruptedException {
        Effort effort = bed.effort();
        byte[] none = Api.get(PATH, null);
        byte[] withKey = Api.get(PATH, key);
        byte[] withToken = Api.get(PATH, token);
        for (byte[] request : List.of(none, withKey, withToken)) {
            cost(gateway, request, effort.warm());
        }
        double[] ofKey = new double[effort.rounds()];
        double[] ofToken = new double[effort.rounds()];
        double[] without = new double[effort.rounds()];
        long before = bed.exchanges();
        long requests = 0;
        for (int round = 0; round < effort.rounds(); round++) {
            // There and back, so that a drift of the machine falls on both sides alike.
            Cost first = cost(gateway, none, effort.seconds());
            Cost keyed = cost(gateway, withKey, effort.seconds());
            Cost tokened = cost(gateway, withToken, effort.seconds());
            Cost last = cost(gateway, none, effort.seconds());
            without[round] = (first.micros() + last.micros()) / 2;
            ofKey[round] = keyed.micros() - without[round];
            ofToken[round] = tokened.micros() - without[round];
            requests += keyed.requests() + tokened.requests();
        }
        long asked = bed.exchanges() - before;
        Samples control = Samples.of(without);
        List<Line> lines = new ArrayList<>();
        lines.add(new Line("a hit, API key: CPU more than without", "us", Samples.of(ofKey), Goal.atMost(50))
                .judgedBy(control));
        lines.add(new Line("a hit, bearer token: CPU more than without", "us", Samples.of(ofToken), Goal.atMost(50))
                .judgedBy(control));
        lines.add(new Line(
                "questions to auth-service during " + requests + " hits", "", Samples.of(asked), Goal.neverAbove(0)));
        lines.add(Line.plain("control: CPU per request without a credential", "us", control));
        return lines;
    }

    private static List<Line> misses(Bed bed, Replica gateway, Account owner) throws IOException, InterruptedException {
        int misses = Math.min(MISSES, 60 * bed.effort().seconds());
        List<byte[]> warming = fresh(bed, owner, misses / 3);
        List<byte[]> requests = fresh(bed, owner, misses);
        int port = gateway.port();
        Load.Target first = new ChatFigure.Lanes(port, requests);
        int seconds = Math.max(1, misses / MISSES_PER_SECOND);
        new Load(new ChatFigure.Lanes(port, warming)).open(MISSES_PER_SECOND, Math.max(1, seconds / 3));
        long before = bed.exchanges();
        double auth = ProcessorTime.of(bed.stack()).of(Part.AUTH_SERVICE);
        Load.Result unknown = new Load(first).open(MISSES_PER_SECOND, seconds);
        auth = ProcessorTime.of(bed.stack()).of(Part.AUTH_SERVICE) - auth;
        long asked = bed.exchanges() - before;
        Load.Result known = new Load(first).open(MISSES_PER_SECOND, seconds);
        List<Line> lines = new ArrayList<>();
        lines.add(new Line(
                "a miss, p95 of the whole request, " + unknown.answered() + " fresh keys at 40/s",
                "ms",
                Samples.of(unknown.millis(0.95)),
                Goal.atMost(15)));
        lines.add(Line.plain("a miss, p50", "ms", Samples.of(unknown.millis(0.5))));
        lines.add(Line.plain("the same keys again (hits), p95", "ms", Samples.of(known.millis(0.95))));
        lines.add(
                Line.plain("questions to auth-service per miss", "", Samples.of((double) asked / unknown.answered())));
        lines.add(Line.plain("CPU of auth-service per miss", "ms", Samples.of(1000 * auth / unknown.answered())));
        lines.add(new Line(
                "requests not answered with 2xx",
                "",
                Samples.of(unknown.errors() + known.errors()),
                Goal.neverAbove(0)));
        return lines;
    }

    private static List<byte[]> fresh(Bed bed, Account owner, int count) throws IOException, InterruptedException {
        List<byte[]> requests = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            requests.add(Api.get(PATH, bed.key(owner, "read").secret()));
        }
        return requests;
    }

    private static Cost cost(Replica gateway, byte[] request, int seconds) throws IOException {
        double before = ProcessorTime.ofTree(gateway.pid());
        Load.Result result = Swarm.run(gateway.port(), request, CONNECTIONS, seconds);
        double used = ProcessorTime.ofTree(gateway.pid()) - before;
        if (result.errors() > 0) {
            throw new IOException(result.errors() + " requests were not answered with 2xx");
        }
        return new Cost(1e6 * used / result.answered(), result.answered());
    }

    private record Cost(double micros, int requests) {}
}
