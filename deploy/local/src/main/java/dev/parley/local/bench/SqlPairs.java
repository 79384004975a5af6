package dev.parley.local.bench;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * The busiest statements of a message as bare transactions on one connection: as the service's role with its tenant
 * set, and as the superuser, whom no policy binds and who sets nothing; in turns of some hundred.
 *
 * @param lines the ratios
 * @param withFirstMicros what setting the tenant together with the first statement adds to a transaction
 * @param atOnceMicros what setting it adds to one that is a single round trip
 */
record SqlPairs(List<Line> lines, double withFirstMicros, double atOnceMicros) {
    private static final int BATCH = 300;
    private static final String SET = "select set_config('app.tenant_id', ?, true)";

    private static final String HISTORY = """
        select seq, part, role, text from app.message
         where tenant_id = ? and conversation_id = ? order by seq desc, part desc limit 32\
        """;
    private static final String NUMBER_AND_STORE = """
        with c as (
            update app.conversation set last_seq = last_seq + 1, updated_at = now()
             where tenant_id = ? and id = ? returning tenant_id, id, last_seq
        )
        insert into app.message (tenant_id, id, conversation_id, seq, part, role, text, operation_id, created_by)
        select tenant_id, gen_random_uuid(), id, last_seq, 0, 'user', 'bench', gen_random_uuid(), 'bench' from c\
        """;
    private static final String TAKE_AND_GIVE_BACK = """
        with taken as (
            update app.credit_account set held = held + 1 - 1, updated_at = now()
             where tenant_id = ? and available - held >= 1 returning tenant_id, policy_version
        )
        insert into app.decision (tenant_id, operation_id, id, agent, channel, estimate, allow, reason_code, rule_id,
                                  policy_version, credits)
        select tenant_id, ?, gen_random_uuid(), 'concierge', 'web', '{}', true, 'ALLOWED', 'bench',
               policy_version, 1
          from taken\
        """;

    static SqlPairs measure(Bed bed) throws SQLException {
        List<Line> lines = new ArrayList<>();
        UUID[] busy = busiest(bed);
        Query history = new Query("read the history", "channel", HISTORY, busy[0], busy[1]);
        Query store = new Query("store a message", "channel", NUMBER_AND_STORE, busy[0], busy[1]);
        Query hold =
                new Query("take credits, log the decision", "policy", TAKE_AND_GIVE_BACK, busy[0], UUID.randomUUID());
        double withFirst = 0;
        double atOnce = 0;
        for (Query one : List.of(history, store, hold)) {
            lines.add(Line.plain(
                    "SQL, " + one.what + ": one round trip, behind the wall / without",
                    "x",
                    pair(bed, one, Form.AT_ONCE, Form.AT_ONCE_WITHOUT).ratios));
            lines.add(Line.plain(
                    "SQL, " + one.what + ": tenant with the first statement / without",
                    "x",
                    pair(bed, one, Form.WITH_FIRST, Form.WITHOUT).ratios));
            lines.add(Line.plain(
                    "SQL, " + one.what + ": tenant in a round trip of its own / without",
                    "x",
                    pair(bed, one, Form.OWN_TRIP, Form.WITHOUT).ratios));
            withFirst += pair(bed, one, Form.WITH_FIRST_ONLY_SET, Form.WITHOUT).addedMicros / 3;
            atOnce += pair(bed, one, Form.AT_ONCE_ONLY_SET, Form.AT_ONCE_WITHOUT).addedMicros / 3;
        }
        return new SqlPairs(lines, Math.max(0, withFirst), Math.max(0, atOnce));
    }

    private static UUID[] busiest(Bed bed) throws SQLException {
        try (Connection connection = bed.database("channel");
                Statement sql = connection.createStatement();
                ResultSet row = sql.executeQuery("""
                    select tenant_id, conversation_id from app.message
                     group by 1, 2 order by count(*) desc, max(created_at) desc limit 1\
                    """)) {
            if (!row.next()) {
                throw new SQLException("there are no messages yet");
            }
            return new UUID[] {row.getObject(1, UUID.class), row.getObject(2, UUID.class)};
        }
    }

    /** Rates of the first form over those of the second; both do the same work on the same rows. */
    private static Pair pair(Bed bed, Query query, Form first, Form second) throws SQLException {
        int rounds = 4 * bed.effort().rounds() + 1;
        double[] ratios = new double[rounds];
        double[] added = new double[rounds];
        try (Runner one = new Runner(bed, query, first);
                Runner other = new Runner(bed, query, second)) {
            one.run(2 * BATCH);
            other.run(2 * BATCH);
            for (int round = 0; round < rounds; round++) {
                double mine = 0;
                double theirs = 0;
                if (round % 2 == 0) {
                    mine = one.run(BATCH);
                    theirs = other.run(BATCH);
                } else {
                    theirs = other.run(BATCH);
                    mine = one.run(BATCH);
                }
                ratios[round] = theirs / mine;
                added[round] = (mine - theirs) / BATCH / 1000;
            }
        }
        return new Pair(Samples.of(ratios), Samples.of(added).median());
    }

    private record Pair(Samples ratios, double addedMicros) {}

    private record Query(String what, String service, String sql, UUID tenant, UUID other) {}

    /** Where the tenant is set: in one round trip with everything, with the first statement, by itself, nowhere. */
    private enum Form {
        AT_ONCE(true, true, true, true),
        AT_ONCE_ONLY_SET(true, true, true, false),
        AT_ONCE_WITHOUT(true, false, false, false),
        WITH_FIRST(false, true, true, true),
        WITH_FIRST_ONLY_SET(false, true, true, false),
        OWN_TRIP(false, true, false, true),
        WITHOUT(false, false, false, false);

        private final boolean atOnce;
        private final boolean sets;
        private final boolean along;
        private final boolean bound;

        Form(boolean atOnce, boolean sets, boolean along, boolean bound) {
            this.atOnce = atOnce;
            this.sets = sets;
            this.along = along;
            this.bound = bound;
        }
    }

    private static final class Runner implements AutoCloseable {
        private final Query query;
        private final Form form;
        private final Connection connection;
        private final PreparedStatement set;
        private final PreparedStatement work;

        Runner(Bed bed, Query query, Form form) throws SQLException {
            this.query = query;
            this.form = form;
            this.connection = DriverManager.getConnection(
                    bed.stack().superuserUrl("parley_" + query.service) + "&prepareThreshold=1");
            try (Statement sql = connection.createStatement()) {
                // What is measured is the wall, not the disk behind it.
                sql.execute("set synchronous_commit = off");
                if (form.bound) {
                    sql.execute("set role parley_" + query.service + "_app");
                }
            }
            connection.setAutoCommit(form.atOnce);
            set = connection.prepareStatement(SET);
            work = connection.prepareStatement((form.atOnce ? "begin;" : "")
                    + (form.sets && form.along ? SET + ";" : "")
                    + query.sql
                    + (form.atOnce ? ";commit" : ""));
        }

        /** Runs so many transactions; nanoseconds. */
        double run(int times) throws SQLException {
            long start = System.nanoTime();
            for (int i = 0; i < times; i++) {
                int at = 1;
                if (form.sets && form.along) {
                    work.setString(at++, query.tenant.toString());
                } else if (form.sets) {
                    set.setString(1, query.tenant.toString());
                    set.execute();
                }
                work.setObject(at++, query.tenant);
                work.setObject(at, query.other);
                work.execute();
                if (!form.atOnce) {
                    connection.commit();
                }
            }
            return System.nanoTime() - start;
        }

        @Override
        public void close() throws SQLException {
            set.close();
            work.close();
            connection.close();
        }
    }
}
