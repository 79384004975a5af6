package dev.parley.local.bench;

import dev.parley.local.Part;
import dev.parley.local.bench.Load.Result;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A chat message end to end through the gateway, with a model that answers at once, beside that model alone, in turns
 * in one run. Processor time is that of every process of the stack, PostgreSQL, Kafka and Keycloak included.
 */
final class ChatFigure implements Figure {
    private static final int CONNECTIONS = 16;
    private static final int RATE = 20;
    private static final int TENANTS = 8;

    @Override
    public String name() {
        return "chat";
    }

    @Override
    public String title() {
        return "a message through everything";
    }

    @Override
    public List<Line> measure(Bed bed) throws IOException, InterruptedException {
        Effort effort = bed.effort();
        Load chat = new Load(new Lanes(bed.stack().ports().of(Part.GATEWAY), conversations(bed, TENANTS, CONNECTIONS)));
        Load model = new Load(new Lanes(bed.stack().ports().of(Part.SIMULATORS), List.of(modelRequest())));
        chat.closed(CONNECTIONS, 2 * effort.warm());
        model.closed(CONNECTIONS, effort.warm() / 2 + 1);
        chat.open(RATE, effort.warm() / 2 + 1);

        List<Round> fast = new ArrayList<>();
        List<Round> alone = new ArrayList<>();
        List<Round> steady = new ArrayList<>();
        for (int round = 0; round < effort.rounds(); round++) {
            fast.add(Round.of(bed.stack(), () -> chat.closed(CONNECTIONS, effort.seconds())));
            alone.add(Round.of(bed.stack(), () -> model.closed(CONNECTIONS, effort.seconds() / 2 + 1)));
            steady.add(Round.of(bed.stack(), () -> chat.open(RATE, effort.seconds())));
        }
        return lines(fast, alone, steady);
    }

    private static List<Line> lines(List<Round> fast, List<Round> alone, List<Round> steady) {
        Samples control = Samples.of(alone, Round::cpuMillis);
        List<Line> lines = new ArrayList<>();
        lines.add(new Line("CPU per message, all processes", "ms", Samples.of(fast, Round::cpuMillis), Goal.atMost(2.5))
                .judgedBy(control));
        lines.add(new Line(
                        "messages, " + CONNECTIONS + " connections",
                        "/s",
                        Samples.of(fast, Round::rate),
                        Goal.atLeast(300))
                .judgedBy(control));
        lines.add(new Line(
                        "p50 at " + RATE + "/s",
                        "ms",
                        Samples.of(steady, r -> r.result().millis(0.5)),
                        Goal.atMost(12))
                .judgedBy(control));
        lines.add(new Line(
                        "p95 at " + RATE + "/s",
                        "ms",
                        Samples.of(steady, r -> r.result().millis(0.95)),
                        Goal.atMost(40))
                .judgedBy(control));
        lines.add(Line.plain("p99 at " + RATE + "/s", "ms", Samples.of(steady, r -> r.result()
                .millis(0.99))));
        lines.add(new Line(
                "requests not answered with 2xx",
                "",
                Samples.of(fast, r -> r.result().errors()),
                Goal.neverAbove(0)));
        lines.add(Line.plain("control: the model alone, CPU per request", "ms", control));
        for (Part part : Part.values()) {
            lines.add(Line.plain("CPU per message of " + part.label(), "ms", Samples.of(fast, r -> r.cpuMillis(part))));
        }
        return lines;
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

        static Round of(dev.parley.local.ParleyStack stack, Run load) throws InterruptedException {
            ProcessorTime before = ProcessorTime.of(stack);
            Result result = load.run();
            return new Round(result, ProcessorTime.of(stack).since(before));
        }

        double rate() {
            return result.perSecond();
        }

        double cpuMillis() {
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
