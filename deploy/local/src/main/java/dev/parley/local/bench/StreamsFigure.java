package dev.parley.local.bench;

import dev.parley.local.Part;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;

/**
 * Streamed completions through the gateway: so many at once, and what gateway and services keep for them; and how much
 * later the first token comes than from the model itself.
 */
final class StreamsFigure implements Figure {
    private static final int STREAMS = 1_000;
    private static final int TENANTS = 8;
    private static final int SINGLES = 200;
    private static final int FIRST_TOKEN_MILLIS = 50;
    private static final int TOKEN_MILLIS = 400;
    private static final int PATIENCE_SECONDS = 60;
    private static final int KIB_PER_MIB = 1024;
    private static final byte[] TOKEN = "\"content\":\"".getBytes(StandardCharsets.US_ASCII);
    /** A generation's line, as of JDK 25's serial collector. */
    private static final Pattern USED = Pattern.compile("total \\d+K, used (\\d+)K");

    private static final String COMPLETION = "{\"model\":\"%s\",\"stream\":true,\"messages\":[{\"role\":\"user\","
            + "\"content\":\"When are you open on Saturday, and do you deliver to Pune?\"}]}";

    @Override
    public String name() {
        return "streams";
    }

    @Override
    public String title() {
        return "open streams, and the first token";
    }

    @Override
    public List<Line> measure(Bed bed) throws Exception {
        List<byte[]> asking = new ArrayList<>();
        for (int i = 0; i < TENANTS; i++) {
            String key = bed.key(bed.subscriber(), "chat").secret();
            asking.add(Api.post("/v1/chat/completions", key, COMPLETION.formatted("concierge")));
        }
        byte[] model = Api.post("/llm/v1/chat/completions", "sk-bench", COMPLETION.formatted("parley-demo"));
        int gateway = bed.stack().ports().of(Part.GATEWAY);
        int simulators = bed.stack().ports().of(Part.SIMULATORS);
        Api control = new Api(bed.stack().simulatorsUrl());
        List<Line> lines = new ArrayList<>();
        try {
            control.send("PUT", "/_control/faults/llm", null, Map.of("delay_ms", FIRST_TOKEN_MILLIS));
            for (int i = 0; i < SINGLES; i++) {
                first(gateway, asking.get(i % TENANTS));
                first(simulators, model);
            }
            double[] ours = new double[SINGLES];
            double[] theirs = new double[SINGLES];
            for (int i = 0; i < SINGLES; i++) {
                ours[i] = first(gateway, asking.get(i % TENANTS));
                theirs[i] = first(simulators, model);
            }
            lines.add(new Line(
                    "first token after the model's own, p95",
                    "ms",
                    Samples.of(Samples.of(ours).percentile(0.95)
                            - Samples.of(theirs).median()),
                    Goal.atMost(15)));
            lines.add(Line.plain(
                    "the same, p50",
                    "ms",
                    Samples.of(Samples.of(ours).median() - Samples.of(theirs).median())));
            control.send("PUT", "/_control/faults/llm", null, Map.of("token_delay_ms", TOKEN_MILLIS));
            lines.addAll(open(bed, gateway, asking));
        } finally {
            control.send("DELETE", "/_control/faults/llm", null, null);
        }
        return lines;
    }

    /** Milliseconds until the first token of one stream. */
    private static double first(int port, byte[] request) throws IOException {
        try (SocketChannel channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port))) {
            long sent = System.nanoTime();
            channel.write(ByteBuffer.wrap(request));
            Reader reader = new Reader(channel);
            while (!reader.begun) {
                if (!reader.read()) {
                    throw new IOException("the stream ended without a token");
                }
            }
            return (System.nanoTime() - sent) / 1e6;
        }
    }

    private static List<Line> open(Bed bed, int port, List<byte[]> asking) throws Exception {
        List<Line> lines = new ArrayList<>();
        long before = heap(bed);
        try (Selector selector = Selector.open()) {
            List<Reader> readers = new ArrayList<>();
            for (int i = 0; i < STREAMS; i++) {
                SocketChannel channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
                channel.write(ByteBuffer.wrap(asking.get(i % TENANTS)));
                channel.configureBlocking(false);
                Reader reader = new Reader(channel);
                channel.register(selector, SelectionKey.OP_READ, reader);
                readers.add(reader);
            }
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
            while (System.nanoTime() < end && readers.stream().anyMatch(reader -> !reader.begun && !reader.ended)) {
                selector.select(StreamsFigure::take, 100);
            }
            long open = readers.stream()
                    .filter(reader -> reader.begun && !reader.ended)
                    .count();
            long during = heap(bed);
            lines.add(new Line("streams open at once, of " + STREAMS, "", Samples.of(open), Goal.atLeast(STREAMS)));
            lines.add(new Line("heap of gateway and services meanwhile", "MiB", Samples.of(during), Goal.atMost(512)));
            lines.add(Line.plain("heap before", "MiB", Samples.of(before)));
            for (Reader reader : readers) {
                reader.channel.close();
            }
        }
        LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
        return lines;
    }

    private static void take(SelectionKey key) {
        Reader reader = (Reader) key.attachment();
        try {
            if (!reader.read()) {
                key.cancel();
            }
        } catch (IOException broken) {
            reader.ended = true;
            key.cancel();
        }
    }

    /** MiB in use of all our processes after a collection. */
    private static long heap(Bed bed) throws IOException, InterruptedException {
        long kilobytes = 0;
        for (Part part : bed.stack().running()) {
            if (part.isService()) {
                String pid = Long.toString(bed.stack().pid(part));
                jcmd(pid, "GC.run");
                kilobytes += USED.matcher(jcmd(pid, "GC.heap_info"))
                        .results()
                        .mapToLong(used -> Long.parseLong(used.group(1)))
                        .sum();
            }
        }
        return kilobytes / KIB_PER_MIB;
    }

    private static String jcmd(String pid, String command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(), pid, command)
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("jcmd " + command + ": " + said);
        }
        return said;
    }

    /** Reads a stream and knows whether a token was in it. */
    private static final class Reader {
        private final SocketChannel channel;
        private final ByteBuffer buffer = ByteBuffer.allocate(4 * 1024);
        private int matched;
        private boolean begun;
        private boolean ended;

        Reader(SocketChannel channel) {
            this.channel = channel;
        }

        /** Reads what is there; false at the end. */
        boolean read() throws IOException {
            buffer.clear();
            if (channel.read(buffer) < 0) {
                ended = true;
                return false;
            }
            buffer.flip();
            while (!begun && buffer.hasRemaining()) {
                byte next = buffer.get();
                matched = next == TOKEN[matched] ? matched + 1 : next == TOKEN[0] ? 1 : 0;
                // An empty text comes with the role, before any token.
                if (matched == TOKEN.length) {
                    begun = buffer.hasRemaining() && buffer.get(buffer.position()) != '"';
                    matched = 0;
                }
            }
            return true;
        }
    }
}
