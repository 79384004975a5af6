package dev.parley.local.bench;

import dev.parley.local.Part;
import dev.parley.local.bench.ChatFigure.Lanes;
import dev.parley.local.bench.ChatFigure.Round;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code /v1/chat/completions} with an API key, decided, metered and kept, beside Portkey's gateway, which passes the same
 * request on to the same model. Processor time is that of every process of the stack but the model.
 */
final class CompletionFigure implements Figure {
    private static final int CONNECTIONS = 16;
    private static final int RATE = 200;
    private static final int TENANTS = 8;
    private static final String COMPLETION = "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":"
            + "\"When are you open on Saturday, and do you deliver to Pune?\"}]}";

    @Override
    public String name() {
        return "completion";
    }

    @Override
    public String title() {
        return "completions of the OpenAI-compatible API beside Portkey";
    }

    @Override
    public List<Line> measure(Bed bed) throws Exception {
        if (!Portkey.isInstalled()) {
            return List.of(Line.missing(name(), "not measured: make bench installs Portkey (deploy/bench-peers)"));
        }
        List<byte[]> asking = new ArrayList<>();
        for (int i = 0; i < TENANTS; i++) {
            String key = bed.key(bed.subscriber(), "chat").secret();
            asking.add(Api.post("/v1/chat/completions", key, COMPLETION.formatted("concierge")));
        }
        Load ours = new Load(new Lanes(bed.stack().ports().of(Part.GATEWAY), asking));
        try (Portkey portkey = Portkey.start()) {
            Contender peer =
                    portkey.contender(bed.stack().simulatorsUrl() + "/llm/v1", COMPLETION.formatted("parley-demo"));
            return compare(bed, ours, peer);
        }
    }

    private record Pair(Round ours, Load.Result theirs, double theirCpu) {
        double theirMillis() {
            return 1000 * theirCpu / theirs.answered();
        }
    }

    private interface Side {
        Load.Result run(Load load) throws InterruptedException;
    }

    private static List<Line> compare(Bed bed, Load ours, Contender peer) throws Exception {
        Effort effort = bed.effort();
        Load theirs = new Load(peer);
        effort.warmUp(seconds -> ours.closed(CONNECTIONS, seconds).perSecond());
        effort.warmUp(seconds -> theirs.closed(CONNECTIONS, seconds).perSecond());
        List<Pair> fast = new ArrayList<>();
        List<Pair> steady = new ArrayList<>();
        for (int round = 0; round < effort.rounds(); round++) {
            fast.add(pair(bed, ours, theirs, peer, load -> load.closed(CONNECTIONS, effort.seconds())));
            steady.add(pair(bed, ours, theirs, peer, load -> load.open(RATE, effort.seconds())));
        }
        Samples control = Samples.of(fast, Pair::theirMillis);
        List<Line> lines = new ArrayList<>();
        lines.add(new Line(
                        "CPU per completion / Portkey's",
                        "x",
                        Samples.of(fast, pair -> pair.ours().cpuMillis() / pair.theirMillis()),
                        Goal.atMost(2))
                .judgedBy(control));
        lines.add(new Line(
                        "p99 at " + RATE + "/s / Portkey's",
                        "x",
                        Samples.of(
                                steady,
                                pair -> pair.ours().result().millis(0.99)
                                        / pair.theirs().millis(0.99)),
                        Goal.atMost(1))
                .judgedBy(control));
        lines.add(Line.plain("CPU per completion, all processes", "ms", Samples.of(fast, pair -> pair.ours()
                .cpuMillis())));
        lines.add(Line.plain("CPU per completion, Portkey (control)", "ms", control));
        lines.add(Line.plain(
                "completions, ours", "/s", Samples.of(fast, pair -> pair.ours().rate())));
        lines.add(Line.plain("completions, Portkey", "/s", Samples.of(fast, pair -> pair.theirs()
                .perSecond())));
        lines.add(Line.plain("p99 at " + RATE + "/s, ours", "ms", Samples.of(steady, pair -> pair.ours()
                .result()
                .millis(0.99))));
        lines.add(new Line(
                "requests not answered with 2xx, either side",
                "",
                Samples.of(
                        fast,
                        pair -> pair.ours().result().errors() + pair.theirs().errors()),
                Goal.neverAbove(0)));
        return lines;
    }

    private static Pair pair(Bed bed, Load ours, Load theirs, Contender peer, Side side) throws Exception {
        Round mine = Round.of(bed.stack(), () -> side.run(ours));
        double before = ProcessorTime.ofTree(peer.pid());
        Load.Result result = side.run(theirs);
        return new Pair(mine, result, ProcessorTime.ofTree(peer.pid()) - before);
    }
}
