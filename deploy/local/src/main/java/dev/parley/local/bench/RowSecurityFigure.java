package dev.parley.local.bench;

import dev.parley.local.Part;
import dev.parley.local.bench.ChatFigure.Lanes;
import dev.parley.local.bench.ChatFigure.Round;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What row level security costs: messages through the whole stack with the policies and without them, in turns; the
 * same for bare SQL, where it cannot hide; and what setting the tenant adds, which the stack cannot be run without.
 */
final class RowSecurityFigure implements Figure {
    private static final List<String> SERVICES = List.of("auth", "policy", "agent", "billing", "channel");
    private static final int CONNECTIONS = 8;
    private static final int COUNTED_MESSAGES = 20;

    @Override
    public String name() {
        return "rls";
    }

    @Override
    public String title() {
        return "row level security on the message path";
    }

    @Override
    public List<Line> measure(Bed bed) throws IOException, InterruptedException, SQLException {
        Effort effort = bed.effort();
        List<byte[]> requests = ChatFigure.conversations(bed, CONNECTIONS, CONNECTIONS);
        Load chat = new Load(new Lanes(bed.stack().ports().of(Part.GATEWAY), requests));
        chat.closed(CONNECTIONS, 2 * effort.warm());
        Settings settings = tenantSettings(bed, chat);

        List<Round> with = new ArrayList<>();
        List<Round> without = new ArrayList<>();
        try {
            // More and shorter rounds than elsewhere: the difference is smaller than what the machine drifts.
            for (int round = 0; round < 2 * effort.rounds(); round++) {
                for (boolean secured : round % 2 == 0 ? List.of(true, false) : List.of(false, true)) {
                    policies(bed, secured);
                    chat.closed(CONNECTIONS, 1);
                    (secured ? with : without)
                            .add(Round.of(bed.stack(), () -> chat.closed(CONNECTIONS, effort.seconds())));
                }
            }
        } finally {
            policies(bed, true);
        }
        return lines(with, without, settings, SqlPairs.measure(bed));
    }

    private static List<Line> lines(List<Round> with, List<Round> without, Settings settings, SqlPairs sql) {
        Samples control = Samples.of(without, Round::cpuMillis);
        double settingMillis =
                (settings.withFirst() * sql.withFirstMicros() + settings.atOnce() * sql.atOnceMicros()) / 1000;
        double[] whole = new double[with.size()];
        for (int i = 0; i < whole.length; i++) {
            whole[i] = without.get(i).cpuMillis() / (with.get(i).cpuMillis() + settingMillis);
        }
        List<Line> lines = new ArrayList<>();
        lines.add(new Line(
                        "messages/s with policies / without",
                        "x",
                        Samples.ratios(with, without, Round::rate),
                        Goal.atLeast(0.95))
                .judgedBy(control));
        lines.add(new Line(
                        "CPU per message with policies / without",
                        "x",
                        Samples.ratios(with, without, Round::cpuMillis),
                        Goal.atMost(1.05))
                .judgedBy(control));
        lines.add(new Line(
                        "throughput with policies and setting the tenant / with neither",
                        "x",
                        Samples.of(whole),
                        Goal.atLeast(0.95))
                .judgedBy(control));
        lines.add(Line.plain(
                "tenant set per message, with the first statement", "times", Samples.of(settings.withFirst())));
        lines.add(Line.plain(
                "tenant set per message, where all is one round trip", "times", Samples.of(settings.atOnce())));
        lines.add(Line.plain("one setting with the first statement", "us", Samples.of(sql.withFirstMicros())));
        lines.add(Line.plain("one setting where all is one round trip", "us", Samples.of(sql.atOnceMicros())));
        lines.add(Line.plain("control: CPU per message without policies", "ms", control));
        lines.addAll(sql.lines());
        lines.add(new Line(
                "requests not answered with 2xx",
                "",
                Samples.of(with, round -> round.result().errors()),
                Goal.neverAbove(0)));
        return lines;
    }

    /** How often one message sets the tenant, over all services: counted in PostgreSQL's own log of statements. */
    private static Settings tenantSettings(Bed bed, Load chat) throws IOException, InterruptedException, SQLException {
        alterSystem(bed, "alter system set log_statement = 'all'");
        try {
            pause(1500);
            Settings before = logged(bed);
            chat.open(COUNTED_MESSAGES / 4, 4);
            pause(1500);
            Settings after = logged(bed);
            return new Settings(
                    (after.withFirst - before.withFirst) / COUNTED_MESSAGES,
                    (after.atOnce - before.atOnce) / COUNTED_MESSAGES);
        } finally {
            alterSystem(bed, "alter system reset log_statement");
        }
    }

    /** The driver begins with BEGIN; what begins with begin is a {@code TenantStatement}, all in one round trip. */
    private static Settings logged(Bed bed) throws IOException {
        int all = 0;
        int atOnce = 0;
        try (BufferedReader log =
                Files.newBufferedReader(bed.stack().log(Part.POSTGRESQL), StandardCharsets.ISO_8859_1)) {
            for (String line = log.readLine(); line != null; line = log.readLine()) {
                all += line.contains("select set_config('app.tenant_id'") ? 1 : 0;
                atOnce += line.endsWith(": begin") ? 1 : 0;
            }
        }
        return new Settings(all - atOnce, atOnce);
    }

    private record Settings(double withFirst, double atOnce) {}

    private static void alterSystem(Bed bed, String command) throws SQLException {
        try (Connection connection = bed.database("auth");
                Statement sql = connection.createStatement()) {
            sql.execute(command);
            sql.execute("select pg_reload_conf()");
        }
    }

    /** Switches the policies of every table on or off; this stack is thrown away. */
    private static void policies(Bed bed, boolean on) throws SQLException {
        for (String service : SERVICES) {
            try (Connection connection = bed.database(service);
                    Statement sql = connection.createStatement()) {
                List<String> tables = new ArrayList<>();
                try (ResultSet rows = sql.executeQuery("""
                    select relname from pg_class
                     where relnamespace = 'app'::regnamespace and relkind in ('r', 'p') and relforcerowsecurity
                    """)) {
                    while (rows.next()) {
                        tables.add(rows.getString(1));
                    }
                }
                sql.execute("set lock_timeout = '10s'");
                for (String table : tables) {
                    sql.execute("alter table app." + table + (on ? " enable" : " disable") + " row level security");
                }
            }
        }
    }

    private static void pause(long millis) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
    }
}
