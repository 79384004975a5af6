package dev.parley.local.bench;

import dev.parley.local.Part;
import dev.parley.local.Replica;
import dev.parley.local.bench.Contender.Turn;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Decisions that hold nothing, over HTTP, beside Cerbos with the same entitlements: neither writes a decision log. Ours
 * also checks who asks, rates the call's worst case and compares it with the credits.
 */
final class CerbosFigure implements Figure {
    private static final int CONNECTIONS = 32;
    private static final int STEADY_RATE = 500;
    private static final int MOST_TENANTS = 10_000;
    private static final int AT_ONCE = 8;
    private static final Map<String, String> SETTINGS = Map.of("POLICY_DECISION_LOG_ENABLED", "false");

    @Override
    public String name() {
        return "cerbos";
    }

    @Override
    public String title() {
        return "decisions over HTTP beside Cerbos with the same policy";
    }

    @Override
    public List<Line> measure(Bed bed) throws Exception {
        int tenants = Math.min(MOST_TENANTS, bed.effort().tenants());
        Account account = bed.subscriber();
        Crowd crowd = new Crowd(bed, account);
        try (Cerbos single = Cerbos.start(1);
                Cerbos many = Cerbos.start(tenants);
                Replica policy = bed.stack().replica(Part.POLICY_SERVICE, Bed.freePort(), true, SETTINGS)) {
            single.ready();
            crowd.growTo(tenants);
            many.ready();
            String token = bed.askingPolicy(account);
            check(policy, token, single);
            List<byte[]> asking = asking(bed, tenants);
            List<byte[]> theirs = new ArrayList<>();
            for (int i = 0; i < tenants; i++) {
                theirs.add(Cerbos.ask(i, "concierge", "web"));
            }
            Contender ours = new Contender(policy.port(), policy.pid(), List.of(ask(token, "concierge", "web")));
            Contender cerbos = new Contender(single.port(), single.pid(), List.of(Cerbos.ask(0, "concierge", "web")));
            Contender oursOfMany = new Contender(policy.port(), policy.pid(), asking);
            Contender cerbosOfMany = new Contender(many.port(), many.pid(), theirs);
            return compare(bed.effort(), tenants, ours, cerbos, oursOfMany, cerbosOfMany);
        } finally {
            crowd.leave();
        }
    }

    private static List<Line> compare(
            Effort effort, int tenants, Contender ours, Contender cerbos, Contender oursOfMany, Contender cerbosOfMany)
            throws IOException, InterruptedException {
        List<Contender> sides = List.of(ours, cerbos, oursOfMany, cerbosOfMany);
        Map<Contender, List<Turn>> fast = new LinkedHashMap<>();
        Map<Contender, List<Turn>> steady = new LinkedHashMap<>();
        for (Contender side : sides) {
            effort.warmUp(seconds -> side.fast(CONNECTIONS, seconds).rate());
            fast.put(side, new ArrayList<>());
            steady.put(side, new ArrayList<>());
        }
        for (int round = 0; round < effort.rounds(); round++) {
            for (Contender side : round % 2 == 0 ? sides : sides.reversed()) {
                fast.get(side).add(side.fast(CONNECTIONS, Math.max(1, effort.seconds() / 2)));
            }
            for (Contender side : round % 2 == 0 ? List.of(ours, cerbos) : List.of(cerbos, ours)) {
                steady.get(side).add(side.steady(STEADY_RATE, effort.seconds()));
            }
        }
        Samples control = Samples.of(fast.get(cerbos), Turn::cpuMicros);
        List<Line> lines = new ArrayList<>();
        lines.add(new Line(
                        "decisions/s / Cerbos's, " + CONNECTIONS + " connections",
                        "x",
                        Samples.ratios(fast.get(ours), fast.get(cerbos), Turn::rate),
                        Goal.atLeast(4))
                .judgedBy(control));
        lines.add(new Line(
                        "CPU per decision / Cerbos's",
                        "x",
                        Samples.ratios(fast.get(ours), fast.get(cerbos), Turn::cpuMicros),
                        Goal.atMost(0.25))
                .judgedBy(control));
        lines.add(new Line(
                "p99 at " + STEADY_RATE + "/s / Cerbos's",
                "x",
                Samples.ratios(steady.get(ours), steady.get(cerbos), round -> round.millis(0.99)),
                Goal.atMost(0.5)));
        lines.add(new Line(
                        "decisions/s / Cerbos's, " + tenants + " tenants in turn",
                        "x",
                        Samples.ratios(fast.get(oursOfMany), fast.get(cerbosOfMany), Turn::rate),
                        Goal.atLeast(5))
                .judgedBy(control));
        addPlain(lines, "ours", fast.get(ours), steady.get(ours));
        addPlain(lines, "Cerbos (control)", fast.get(cerbos), steady.get(cerbos));
        addPlain(lines, "ours, " + tenants + " tenants", fast.get(oursOfMany), List.of());
        addPlain(lines, "Cerbos, " + tenants + " tenants", fast.get(cerbosOfMany), List.of());
        List<Turn> all = new ArrayList<>();
        fast.values().forEach(all::addAll);
        steady.values().forEach(all::addAll);
        lines.add(new Line(
                "requests not answered with 2xx",
                "",
                Samples.of(all, round -> round.result().errors()),
                Goal.neverAbove(0)));
        return lines;
    }

    private static void addPlain(List<Line> lines, String who, List<Turn> fast, List<Turn> steady) {
        lines.add(Line.plain("rate, " + who, "/s", Samples.of(fast, Turn::rate)));
        lines.add(Line.plain("CPU per decision, " + who, "us", Samples.of(fast, Turn::cpuMicros)));
        if (!steady.isEmpty()) {
            lines.add(Line.plain(
                    "p50 at " + STEADY_RATE + "/s, " + who, "ms", Samples.of(steady, round -> round.millis(0.5))));
            lines.add(Line.plain(
                    "p99 at " + STEADY_RATE + "/s, " + who, "ms", Samples.of(steady, round -> round.millis(0.99))));
        }
        lines.add(Line.plain("resident, " + who, "MiB", Samples.of(fast, Turn::resident)));
    }

    /** Both must allow and refuse the same before they are compared. */
    private static void check(Replica policy, String token, Cerbos cerbos) throws IOException {
        for (String agent : List.of("concierge", "nobody")) {
            for (String channel : List.of("web", "api", "telegram")) {
                boolean expected = agent.equals("concierge") && !channel.equals("telegram");
                boolean ours = allows(policy, token, agent, channel);
                boolean theirs = cerbos.allows(0, agent, channel);
                if (ours != expected || theirs != expected) {
                    throw new IOException("%s on %s: expected %s, ours says %s, Cerbos says %s"
                            .formatted(agent, channel, expected, ours, theirs));
                }
            }
        }
    }

    private static boolean allows(Replica policy, String token, String agent, String channel) throws IOException {
        try (Connection connection = new Connection(policy.port())) {
            int status = connection.call(ask(token, agent, channel));
            if (status != 200) {
                throw new IOException("policy-service answered " + status + ": " + connection.body());
            }
            return connection.body().contains("\"allow\":true");
        }
    }

    /** One question of each tenant of the crowd, with the token that channel-service would show for it. */
    private static List<byte[]> asking(Bed bed, int tenants) throws InterruptedException, ExecutionException {
        List<Future<byte[]>> asked = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
            for (int i = 1; i <= tenants; i++) {
                String tenant = Crowd.tenant(i).toString();
                asked.add(threads.submit(() -> ask(bed.askingPolicy(tenant), "concierge", "web")));
            }
        }
        List<byte[]> requests = new ArrayList<>();
        for (Future<byte[]> one : asked) {
            requests.add(one.get());
        }
        return requests;
    }

    private static byte[] ask(String token, String agent, String channel) {
        return Api.post(
                "/internal/decisions",
                token,
                "{\"operation_id\":\"" + UUID.randomUUID() + "\",\"agent\":\"" + agent + "\",\"channel\":\"" + channel
                        + "\",\"hold\":false,\"estimate\":{\"message\":1,\"llm.input_tokens\":120}}");
    }
}
