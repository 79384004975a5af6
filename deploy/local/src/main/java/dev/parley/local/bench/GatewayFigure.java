package dev.parley.local.bench;

import dev.parley.local.Part;
import dev.parley.local.Replica;
import dev.parley.local.bench.Contender.Turn;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The gateway with everything on, beside Spring Cloud Gateway with the same on, beside itself with what can be switched
 * off switched off: the same GET of a few bytes, the same token, the same JVM, in turns.
 */
final class GatewayFigure implements Figure {
    private static final int CONNECTIONS = 32;
    private static final int STEADY_RATE = 300;
    private static final String PATH = "/api/v1/conversations";
    private static final String OPEN_PATH = "/webhooks/telegram/bench";
    private static final Path PEER = Path.of("deploy/bench-peers/target/spring-cloud-gateway-peer.jar");

    @Override
    public String name() {
        return "gateway";
    }

    @Override
    public String title() {
        return "beside Spring Cloud Gateway with the same on";
    }

    @Override
    public List<Line> measure(Bed bed) throws IOException, InterruptedException {
        String origin = bed.stack().publicUrl();
        String token = bed.signUp().token();
        byte[] request = Api.get(PATH, token, "Origin: " + origin);
        try (Upstream upstream = new Upstream();
                Replica ours = bed.gateway(upstream.url(), Map.of());
                Replica off = bed.gateway(
                        upstream.url(), Map.of("PARLEY_ACCESS_LOG_SAMPLE", "0", "PARLEY_TRACE_SAMPLING", "0"));
                Peer peer = Peer.start(bed, upstream.url(), origin)) {
            check("the gateway", ours.url(), token, origin, upstream);
            check("Spring Cloud Gateway", peer.url(), token, origin, upstream);
            Contender everything = new Contender(ours.port(), ours.pid(), List.of(request));
            Contender spring = new Contender(peer.port(), peer.pid(), List.of(request));
            Contender nothing =
                    new Contender(off.port(), off.pid(), List.of(Api.get(OPEN_PATH, token, "Origin: " + origin)));
            return compare(bed.effort(), everything, spring, nothing);
        }
    }

    private static List<Line> compare(Effort effort, Contender everything, Contender spring, Contender nothing)
            throws IOException, InterruptedException {
        List<Contender> sides = List.of(everything, spring, nothing);
        Map<Contender, List<Turn>> fast = new LinkedHashMap<>();
        Map<Contender, List<Turn>> steady = new LinkedHashMap<>();
        for (Contender side : sides) {
            effort.warmUp(seconds -> side.fast(CONNECTIONS, seconds).rate());
            fast.put(side, new ArrayList<>());
            steady.put(side, new ArrayList<>());
        }
        for (int round = 0; round < effort.rounds(); round++) {
            for (Contender side : round % 2 == 0 ? sides : sides.reversed()) {
                fast.get(side).add(side.fast(CONNECTIONS, effort.seconds()));
            }
            for (Contender side : round % 2 == 0 ? sides : sides.reversed()) {
                steady.get(side).add(side.steady(STEADY_RATE, Math.max(1, effort.seconds() / 2)));
            }
        }
        return lines(fast, steady, everything, spring, nothing);
    }

    private static List<Line> lines(
            Map<Contender, List<Turn>> fast,
            Map<Contender, List<Turn>> steady,
            Contender everything,
            Contender spring,
            Contender nothing) {
        Samples control = Samples.of(fast.get(spring), Turn::cpuMicros);
        List<Line> lines = new ArrayList<>();
        lines.add(new Line(
                        "CPU per request / Spring Cloud Gateway's",
                        "x",
                        Samples.ratios(fast.get(everything), fast.get(spring), Turn::cpuMicros),
                        Goal.atMost(0.5))
                .judgedBy(control));
        lines.add(new Line(
                        "requests/s / Spring Cloud Gateway's, 32 connections",
                        "x",
                        Samples.ratios(fast.get(everything), fast.get(spring), Turn::rate),
                        Goal.atLeast(2))
                .judgedBy(control));
        lines.add(new Line(
                        "requests/s / its own with features off",
                        "x",
                        Samples.ratios(fast.get(everything), fast.get(nothing), Turn::rate),
                        Goal.atLeast(0.76))
                .judgedBy(control));
        lines.add(new Line(
                "p50 at 300/s / Spring Cloud Gateway's",
                "x",
                Samples.ratios(steady.get(everything), steady.get(spring), round -> round.millis(0.5)),
                Goal.atMost(0.7)));
        lines.add(new Line(
                "resident memory / Spring Cloud Gateway's",
                "x",
                Samples.ratios(fast.get(everything), fast.get(spring), Turn::resident),
                Goal.atMost(0.6)));
        lines.add(
                Line.plain("CPU per request, everything on", "us", Samples.of(fast.get(everything), Turn::cpuMicros)));
        lines.add(Line.plain("CPU per request, Spring Cloud Gateway (control)", "us", control));
        lines.add(Line.plain("CPU per request, features off", "us", Samples.of(fast.get(nothing), Turn::cpuMicros)));
        lines.add(Line.plain("rate, everything on", "/s", Samples.of(fast.get(everything), Turn::rate)));
        lines.add(Line.plain("rate, Spring Cloud Gateway", "/s", Samples.of(fast.get(spring), Turn::rate)));
        lines.add(Line.plain("rate, features off", "/s", Samples.of(fast.get(nothing), Turn::rate)));
        lines.add(Line.plain(
                "p50 at 300/s, everything on", "ms", Samples.of(steady.get(everything), r -> r.millis(0.5))));
        lines.add(Line.plain(
                "p50 at 300/s, Spring Cloud Gateway", "ms", Samples.of(steady.get(spring), r -> r.millis(0.5))));
        lines.add(Line.plain("resident, everything on", "MiB", Samples.of(fast.get(everything), Turn::resident)));
        lines.add(Line.plain("resident, Spring Cloud Gateway", "MiB", Samples.of(fast.get(spring), Turn::resident)));
        lines.add(new Line(
                "requests not answered with 2xx",
                "",
                Samples.of(fast.values().stream().flatMap(List::stream).toList(), round -> round.result()
                        .errors()),
                Goal.neverAbove(0)));
        return lines;
    }

    /** Both sides must do the same before they are compared: refuse, admit, mark the answer, name the trace. */
    private static void check(String who, String url, String token, String origin, Upstream upstream)
            throws IOException, InterruptedException {
        Api api = new Api(url);
        require(
                who + " refuses a request without a token",
                api.answer("GET", PATH, null, null).statusCode() == 401);
        require(
                who + " refuses a token with a changed signature",
                api.answer("GET", PATH, token.substring(0, token.length() - 8) + "AAAAAAAA", null)
                                .statusCode()
                        == 401);
        upstream.remember(true);
        HttpResponse<String> answer = api.answer("GET", PATH, token, null, "Origin", origin);
        upstream.remember(false);
        require(who + " admits the token", answer.statusCode() == 200);
        require(who + " passes the body on", answer.body().equals(Upstream.BODY));
        for (String header : List.of(
                "access-control-allow-origin",
                "content-security-policy",
                "x-content-type-options",
                "referrer-policy",
                "ratelimit",
                "ratelimit-policy",
                "x-request-id")) {
            require(
                    who + " answers with " + header,
                    answer.headers().firstValue(header).isPresent());
        }
        String head = upstream.lastHead().toLowerCase(java.util.Locale.ROOT);
        for (String header : List.of("authorization:", "traceparent:", "x-operation-id:", "x-forwarded-for:")) {
            require(who + " passes on " + header, head.contains(header));
        }
    }

    private static void require(String what, boolean done) throws IOException {
        if (!done) {
            throw new IOException("not so: " + what);
        }
    }

    /** Spring Cloud Gateway in a JVM like ours. */
    private record Peer(Process process, int port) implements AutoCloseable {
        private static final int PATIENCE_SECONDS = 60;

        static Peer start(Bed bed, String upstream, String origin) throws IOException, InterruptedException {
            if (!Files.exists(PEER)) {
                throw new IOException(PEER + " is missing: make bench builds it");
            }
            int port = Bed.freePort();
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx192m",
                    "-Xms64m",
                    "-XX:+UseSerialGC",
                    "-XX:+UseCompactObjectHeaders",
                    "--enable-native-access=ALL-UNNAMED",
                    "-Dreactor.netty.ioWorkerCount=2",
                    "-Dreactor.netty.http.server.accessLogEnabled=true",
                    "-jar",
                    PEER.toString()));
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(bed.stack()
                            .log(Part.GATEWAY)
                            .resolveSibling("spring-cloud-gateway.log")
                            .toFile());
            builder.environment()
                    .putAll(new TreeMap<>(Map.of(
                            "PEER_PORT",
                            Integer.toString(port),
                            "PEER_ISSUER",
                            bed.stack().keycloakUrl() + "/realms/parley",
                            "PEER_ORIGIN",
                            origin,
                            "PEER_UPSTREAM",
                            upstream,
                            "MALLOC_ARENA_MAX",
                            "2")));
            Peer peer = new Peer(builder.start(), port);
            for (int second = 0; second < 2 * PATIENCE_SECONDS && peer.process.isAlive(); second++) {
                try {
                    if (new Api(peer.url()).answer("GET", "/ready", null, null).statusCode() == 200) {
                        return peer;
                    }
                } catch (IOException starting) {
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(500));
                }
            }
            peer.close();
            throw new IOException("Spring Cloud Gateway did not start, see spring-cloud-gateway.log");
        }

        String url() {
            return "http://127.0.0.1:" + port;
        }

        long pid() {
            return process.pid();
        }

        @Override
        public void close() {
            Peers.stop(process);
        }
    }
}
