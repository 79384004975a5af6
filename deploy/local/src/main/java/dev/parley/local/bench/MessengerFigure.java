package dev.parley.local.bench;

import dev.parley.local.Part;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Updates of Telegram, each a message of its own in one of some chats, accepted through the gateway: an answer comes after
 * the commit. What they ask is answered meanwhile.
 */
final class MessengerFigure implements Figure {
    private static final int RATE = 800;
    private static final int BURST = 5_000;
    private static final int BURST_SECONDS = 2;
    private static final int CHATS = 40;
    private static final String SECRET = "bench-secret";
    private static final int DRAIN_SECONDS = 120;

    @Override
    public String name() {
        return "messenger";
    }

    @Override
    public String title() {
        return "a messenger's webhooks, accepted with commit";
    }

    @Override
    public List<Line> measure(Bed bed) throws Exception {
        Account account = bed.subscriber();
        String channel = bed.api()
                .send(
                        "POST",
                        "/api/v1/channels",
                        account.token(),
                        Map.of(
                                "type",
                                "telegram",
                                "name",
                                "bench",
                                "agent",
                                "concierge",
                                "credentials",
                                Map.of(
                                        "bot_token",
                                        "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsbench",
                                        "secret_token",
                                        SECRET)))
                .path("id")
                .asText();
        Updates updates = new Updates(bed.stack().ports().of(Part.GATEWAY), channel);
        Load load = new Load(updates);
        Effort effort = bed.effort();
        load.open(RATE / 4, effort.warm());
        load.open(RATE, effort.warm());

        List<Load.Result> steady = new ArrayList<>();
        for (int round = 0; round < effort.rounds(); round++) {
            steady.add(load.open(RATE, effort.seconds()));
        }
        settle(bed);
        Load.Result burst = load.open(BURST / BURST_SECONDS, BURST_SECONDS);
        settle(bed);
        long stored = count(
                bed,
                "select count(*) from app.message where role = 'user' and client_message_id is null"
                        + " and conversation_id in (select id from app.conversation where channel_account_id = '"
                        + channel
                        + "')");

        List<Line> lines = new ArrayList<>();
        lines.add(new Line(
                "p99 of accepting " + RATE + "/s",
                "ms",
                Samples.of(steady, result -> result.millis(0.99)),
                Goal.atMost(100)));
        lines.add(new Line(
                "accepted/s of " + RATE + "/s",
                "/s",
                Samples.of(steady, Load.Result::perSecond),
                Goal.atLeast(0.98 * RATE)));
        lines.add(Line.plain("p50 of these", "ms", Samples.of(steady, result -> result.millis(0.5))));
        lines.add(new Line(
                "refused of a burst of " + BURST + " in " + BURST_SECONDS + " s",
                "",
                Samples.of(burst.errors()),
                Goal.neverAbove(0)));
        lines.add(Line.plain("until all of the burst were accepted", "s", Samples.of(burst.seconds())));
        lines.add(Line.plain("p99 of the burst", "ms", Samples.of(burst.millis(0.99))));
        lines.add(new Line("accepted and not stored", "", Samples.of(updates.sent.get() - stored), Goal.neverAbove(0)));
        return lines;
    }

    /** Waits until what was asked is answered, so that nothing of it is measured with what follows. */
    private static void settle(Bed bed) throws SQLException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(DRAIN_SECONDS);
        while (System.nanoTime() < end
                && count(bed, "select count(*) from app.operation where state in ('QUEUED', 'RUNNING')") > 0) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(500));
        }
    }

    private static long count(Bed bed, String query) throws SQLException {
        try (Connection database = bed.database("channel");
                Statement statement = database.createStatement();
                ResultSet count = statement.executeQuery(query)) {
            count.next();
            return count.getLong(1);
        }
    }

    /** Each request an update of its own. */
    private static final class Updates implements Load.Target {
        private final int port;
        private final String path;
        private final AtomicInteger sent = new AtomicInteger();

        Updates(int port, String channel) {
            this.port = port;
            this.path = "/webhooks/telegram/" + channel;
        }

        @Override
        public int port() {
            return port;
        }

        @Override
        public byte[] request(int lane) {
            int id = sent.incrementAndGet();
            int chat = 1_000 + id % CHATS;
            return Api.post(
                    path,
                    null,
                    """
                    {"update_id":%d,"message":{"message_id":%d,"date":%d,"chat":{"id":%d,"type":"private",\
                    "first_name":"Ana"},"from":{"id":%d,"is_bot":false,"first_name":"Ana"},"text":"Are you open? %d"}}\
                    """.formatted(id, id, Instant.now().getEpochSecond(), chat, chat, id),
                    "X-Telegram-Bot-Api-Secret-Token: " + SECRET);
        }
    }
}
