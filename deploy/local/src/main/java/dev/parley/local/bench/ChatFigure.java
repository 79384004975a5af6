package dev.parley.local.bench;

import dev.parley.local.ParleyStack;
import dev.parley.local.Part;
import dev.parley.local.bench.Load.Result;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A chat message end to end through the gateway, with a model that answers at once, beside Flowise with the same model and
 * PostgreSQL, and beside that model alone, in turns in one run. Processor time is that of every process of the stack but
 * the model: PostgreSQL, Kafka and Keycloak included.
 */
final class ChatFigure implements Figure {
    private static final int CONNECTIONS = 16;
    private static final int RATE = 50;
    private static final int TENANTS = 8;
    private static final int SUSTAINED = 150;
    /** Nobody writes nine messages a second, of which each waits for the answer to the last: here one in two seconds. */
    private static final int TALKING = 320;

    private static final int MODEL_MILLIS = 50;
    private static final int REMEMBERED = 10;
    private static final String TEXT = "When are you open on Saturday, and do you deliver to Pune?";

    @Override
    public String name() {
        return "chat";
    }

    @Override
    public String title() {
        return "a message through everything";
    }

    @Override
    public List<Line> measure(Bed bed) throws Exception {
        if (!Flowise.isInstalled()) {
            List<Line> lines = new ArrayList<>(rounds(bed, null).lines());
            lines.add(Line.missing("beside Flowise", "not measured: make bench installs it (deploy/bench-flowise)"));
            return lines;
        }
        try (Flowise flowise = Flowise.start(bed, REMEMBERED)) {
            return rounds(bed, flowise).lines();
        }
    }

    private static Rounds rounds(Bed bed, Flowise flowise) throws Exception {
        Effort effort = bed.effort();
        ParleyStack stack = bed.stack();
        Load chat = new Load(new Lanes(stack.ports().of(Part.GATEWAY), conversations(bed, TENANTS, CONNECTIONS)));
        Load talk = new Load(new Lanes(stack.ports().of(Part.GATEWAY), conversations(bed, TENANTS, TALKING)));
        Load model = new Load(new Lanes(stack.ports().of(Part.SIMULATORS), List.of(modelRequest())));
        Load peer = flowise == null ? null : new Load(new Lanes(flowise.port(), flowise.messages(TEXT, CONNECTIONS)));
        effort.warmUp(seconds -> chat.closed(CONNECTIONS, seconds).perSecond());
        model.closed(CONNECTIONS, effort.warm() / 2 + 1);
        if (peer != null) {
            effort.warmUp(seconds -> peer.closed(CONNECTIONS, seconds).perSecond());
        }
        chat.open(RATE, effort.warm() / 2 + 1);

        Rounds rounds = new Rounds();
        for (int round = 0; round < effort.rounds(); round++) {
            rounds.fast.add(Round.of(stack, () -> chat.closed(CONNECTIONS, effort.seconds())));
            if (peer != null) {
                rounds.theirFast.add(Theirs.of(flowise, () -> peer.closed(CONNECTIONS, effort.seconds())));
            }
            rounds.alone.add(Round.of(stack, () -> model.closed(CONNECTIONS, effort.seconds() / 2 + 1)));
            rounds.steady.add(Round.of(stack, () -> chat.open(RATE, effort.seconds())));
            if (peer != null) {
                rounds.theirSteady.add(Theirs.of(flowise, () -> peer.open(RATE, effort.seconds())));
            }
        }
        rounds.crowded = slowly(bed, () -> chat.open(SUSTAINED, 2 * effort.seconds()));
        rounds.sustained = slowly(bed, () -> talk.open(SUSTAINED, 2 * effort.seconds()));
        return rounds;
    }

    /** With a model that takes its time. */
    private static Round slowly(Bed bed, Round.Run load) throws IOException, InterruptedException {
        Api simulators = new Api(bed.stack().simulatorsUrl());
        simulators.send("PUT", "/_control/faults/llm", null, Map.of("delay_ms", MODEL_MILLIS));
        try {
            return Round.of(bed.stack(), load);
        } finally {
            simulators.send("DELETE", "/_control/faults/llm", null, null);
        }
    }

    /** What was measured; of Flowise nothing where it is not installed. */
    private static final class Rounds {
        private final List<Round> fast = new ArrayList<>();
        private final List<Round> alone = new ArrayList<>();
        private final List<Round> steady = new ArrayList<>();
        private final List<Theirs> theirFast = new ArrayList<>();
        private final List<Theirs> theirSteady = new ArrayList<>();
        private Round crowded;
        private Round sustained;

        List<Line> lines() {
            Samples control = Samples.of(alone, Round::cpuMillisOfAll);
            List<Line> lines = new ArrayList<>();
            if (!theirFast.isEmpty()) {
                lines.addAll(beside(control));
            }
            lines.add(Line.plain("CPU per message, all processes", "ms", Samples.of(fast, Round::cpuMillis)));
            lines.add(Line.plain("messages, " + CONNECTIONS + " connections", "/s", Samples.of(fast, Round::rate)));
            lines.add(Line.plain("p50 at " + RATE + "/s", "ms", Samples.of(steady, r -> r.result()
                    .millis(0.5))));
            lines.add(Line.plain("p99 at " + RATE + "/s", "ms", Samples.of(steady, r -> r.result()
                    .millis(0.99))));
            lines.add(new Line(
                    "answered/s of " + SUSTAINED + "/s in " + TALKING + " conversations, model of " + MODEL_MILLIS
                            + " ms",
                    "/s",
                    Samples.of(sustained.rate()),
                    Goal.atLeast(0.98 * SUSTAINED)));
            lines.add(Line.plain(
                    "p99 of these", "ms", Samples.of(sustained.result().millis(0.99))));
            lines.add(Line.plain(
                    "answered/s of the same in " + CONNECTIONS + " conversations", "/s", Samples.of(crowded.rate())));
            lines.add(new Line(
                    "requests not answered with 2xx",
                    "",
                    Samples.of(List.of(fast, steady, List.of(crowded, sustained)), r -> r.stream()
                            .mapToInt(round -> round.result().errors())
                            .sum()),
                    Goal.neverAbove(0)));
            lines.add(Line.plain("control: the model alone, CPU per request", "ms", control));
            for (Part part : Part.values()) {
                lines.add(Line.plain(
                        "CPU per message of " + part.label(), "ms", Samples.of(fast, r -> r.cpuMillis(part))));
            }
            return lines;
        }

        private List<Line> beside(Samples control) {
            List<Line> lines = new ArrayList<>();
            lines.add(new Line(
                            "CPU per message / Flowise's",
                            "x",
                            pairs(fast, theirFast, (ours, theirs) -> ours.cpuMillis() / theirs.cpuMillis()),
                            Goal.atMost(0.12))
                    .judgedBy(control));
            lines.add(new Line(
                            "messages/s / Flowise's",
                            "x",
                            pairs(
                                    fast,
                                    theirFast,
                                    (ours, theirs) ->
                                            ours.rate() / theirs.result().perSecond()),
                            Goal.atLeast(8))
                    .judgedBy(control));
            lines.add(new Line(
                            "p50 at " + RATE + "/s / Flowise's",
                            "x",
                            pairs(
                                    steady,
                                    theirSteady,
                                    (ours, theirs) -> ours.result().millis(0.5)
                                            / theirs.result().millis(0.5)),
                            Goal.atMost(0.35))
                    .judgedBy(control));
            lines.add(new Line(
                            "p99 at " + RATE + "/s / Flowise's",
                            "x",
                            pairs(
                                    steady,
                                    theirSteady,
                                    (ours, theirs) -> ours.result().millis(0.99)
                                            / theirs.result().millis(0.99)),
                            Goal.atMost(0.40))
                    .judgedBy(control));
            lines.add(Line.plain(
                    "CPU per message, Flowise with PostgreSQL", "ms", Samples.of(theirFast, Theirs::cpuMillis)));
            lines.add(Line.plain("messages, Flowise", "/s", Samples.of(theirFast, r -> r.result()
                    .perSecond())));
            lines.add(Line.plain("p50 at " + RATE + "/s, Flowise", "ms", Samples.of(theirSteady, r -> r.result()
                    .millis(0.5))));
            lines.add(new Line(
                    "requests that Flowise refused",
                    "",
                    Samples.of(theirFast, r -> r.result().errors()),
                    Goal.neverAbove(0)));
            return lines;
        }

        private interface Ratio {
            double of(Round ours, Theirs theirs);
        }

        private static Samples pairs(List<Round> ours, List<Theirs> theirs, Ratio ratio) {
            double[] ratios = new double[ours.size()];
            for (int i = 0; i < ratios.length; i++) {
                ratios[i] = ratio.of(ours.get(i), theirs.get(i));
            }
            return Samples.of(ratios);
        }
    }

    /** What Flowise did in one round, and the processor time of its and PostgreSQL's processes. */
    private record Theirs(Result result, double cpuSeconds) {
        static Theirs of(Flowise flowise, Round.Run load) throws InterruptedException {
            double before = flowise.cpuSeconds();
            Result result = load.run();
            return new Theirs(result, flowise.cpuSeconds() - before);
        }

        double cpuMillis() {
            return 1000 * cpuSeconds / result.answered();
        }
    }

    /** One request per lane: messages into conversations of several tenants. */
    static List<byte[]> conversations(Bed bed, int tenants, int lanes) throws IOException, InterruptedException {
        List<byte[]> requests = new ArrayList<>();
        for (int tenant = 0; tenant < tenants; tenant++) {
            Account account = bed.subscriber();
            for (int lane = 0; lane < Math.max(1, lanes / tenants); lane++) {
                requests.add(Bed.message(bed.conversation(account), account.token()));
            }
        }
        return requests;
    }

    /** What the model's simulator answers by itself: the control of runs that cross the whole stack. */
    static byte[] modelRequest() {
        return Api.post(
                "/llm/v1/chat/completions",
                "sk-bench",
                "{\"model\":\"parley-demo\",\"messages\":[{\"role\":\"user\",\"content\":\"When are you open on"
                        + " Saturday?\"}]}");
    }

    /** What one side did in one round, and the processor time of the stack meanwhile. */
    record Round(Result result, ProcessorTime cpu) {
        interface Run {
            Result run() throws InterruptedException;
        }

        static Round of(ParleyStack stack, Run load) throws InterruptedException {
            ProcessorTime before = ProcessorTime.of(stack);
            Result result = load.run();
            return new Round(result, ProcessorTime.of(stack).since(before));
        }

        double rate() {
            return result.perSecond();
        }

        /** Of all but the model. */
        double cpuMillis() {
            return 1000 * (cpu.total() - cpu.of(Part.SIMULATORS)) / result.answered();
        }

        double cpuMillisOfAll() {
            return 1000 * cpu.total() / result.answered();
        }

        double cpuMillis(Part part) {
            return 1000 * cpu.of(part) / result.answered();
        }
    }

    /** Lanes that each send the same request all the time. */
    record Lanes(int port, List<byte[]> requests) implements Load.Target {
        @Override
        public byte[] request(int lane) {
            return requests.get(lane % requests.size());
        }
    }
}
