package dev.parley.local.bench;

import dev.parley.local.Part;
import dev.parley.local.Replica;
import dev.parley.local.bench.Watch.Seen;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * How long a revoked credential still works on either of two gateways, at 200 requests/s: from the answer to the
 * revocation until the last request that was sent and got through. Then the same with Kafka stopped, and with nobody to
 * ask either.
 */
final class RevocationFigure implements Figure {
    private static final int RATE = 200;
    private static final int LIFE_SECONDS = 20;
    private static final String PATH = "/api/v1/conversations";

    @Override
    public String name() {
        return "revocation";
    }

    @Override
    public String title() {
        return "until the last request gets through, two gateways, 200/s";
    }

    @Override
    public List<Line> measure(Bed bed) throws Exception {
        List<Line> lines = new ArrayList<>();
        try (Upstream upstream = new Upstream();
                Replica one = bed.gateway(upstream.url(), Map.of());
                Replica two = bed.gateway(upstream.url(), Map.of())) {
            List<Integer> ports = List.of(one.port(), two.port());
            int rounds = Math.min(5, bed.effort().rounds());
            for (Kind kind : Kind.values()) {
                lines.add(new Line(
                        "a revoked " + kind.label + ", until the last 2xx",
                        "s",
                        repeated(kind, victims(bed, kind, rounds), ports, 3),
                        Goal.neverAbove(2)));
            }
            List<Victim> victims = victims(bed, Kind.KEY, Math.min(2, rounds));
            bed.stack().kill(Part.KAFKA);
            try {
                lines.add(new Line(
                        "with Kafka stopped: a revoked API key, until the last 2xx",
                        "s",
                        repeated(Kind.KEY, victims, ports, 8),
                        Goal.neverAbove(LIFE_SECONDS)));
            } finally {
                bed.stack().restart(Part.KAFKA);
            }
        }
        lines.addAll(nobodyToAsk(bed));
        return lines;
    }

    private static List<Victim> victims(Bed bed, Kind kind, int count) throws Exception {
        List<Victim> victims = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            victims.add(kind.victim(bed));
        }
        return victims;
    }

    private static Samples repeated(Kind kind, List<Victim> victims, List<Integer> ports, int secondsAfter)
            throws Exception {
        double[] seconds = new double[victims.size()];
        for (int round = 0; round < seconds.length; round++) {
            seconds[round] = once(kind, victims.get(round), ports, secondsAfter);
        }
        return Samples.of(seconds);
    }

    private static double once(Kind kind, Victim victim, List<Integer> ports, int secondsAfter) throws Exception {
        List<Seen> seen;
        long revoked;
        try (Watch watch = new Watch(ports, victim.request(), RATE)) {
            settle(kind, watch, ports);
            victim.revocation().run();
            revoked = System.nanoTime();
            pause(1000L * secondsAfter);
            seen = watch.stop();
        }
        for (int port : ports) {
            if (seen.stream().noneMatch(one -> one.port() == port && one.sent() > revoked && !one.succeeded())) {
                return Double.POSITIVE_INFINITY;
            }
        }
        return seen.stream()
                        .filter(Seen::succeeded)
                        .mapToLong(one -> one.sent() - revoked)
                        .max()
                        .orElse(0)
                / 1e9;
    }

    /** Waits until both gateways let it in all the time: they have just started. */
    private static void settle(Kind kind, Watch watch, List<Integer> ports) throws IOException {
        for (int second = 0; second < 20; second++) {
            pause(1000);
            if (ports.stream().allMatch(port -> watch.succeeded(port) >= RATE / 4)) {
                return;
            }
        }
        throw new IOException("the " + kind.label + " did not work before it was revoked");
    }

    /**
     * A gateway that hears no events and whose auth-service is dead, with contexts of 20 s: what only reads may go on
     * until the context ends, what changes something may not.
     */
    private static List<Line> nobodyToAsk(Bed bed) throws Exception {
        Account owner = bed.signUp();
        Account.Key key = bed.key(owner, "chat", "read", "write");
        double lastRead;
        long writes;
        try (Upstream upstream = new Upstream();
                Replica auth = bed.stack()
                        .replica(
                                Part.AUTH_SERVICE,
                                Bed.freePort(),
                                false,
                                Map.of("AUTH_CONTEXT_LIFETIME", LIFE_SECONDS + "S"));
                Replica gateway = bed.gateway(
                        upstream.url(), Map.of("PARLEY_AUTH_URL", auth.url(), "GATEWAY_SESSION_RENEW_BEFORE", "6S"))) {
            List<Integer> ports = List.of(gateway.port());
            try (Watch reads = new Watch(ports, Api.get(PATH, key.secret()), 50)) {
                pause(2000);
                bed.stack().kill(Part.KAFKA);
                try {
                    auth.kill();
                    long alone = System.nanoTime();
                    bed.api().send("DELETE", "/api/v1/api-keys/" + key.id(), owner.token(), null);
                    // The gateway may take two seconds to see that no events come, and believe what is that old.
                    pause(4000);
                    try (Watch changes = new Watch(ports, changing(key.secret()), 20)) {
                        pause(1000L * LIFE_SECONDS);
                        writes = changes.stop().stream().filter(Seen::succeeded).count();
                    }
                    lastRead = reads.stop().stream()
                                    .filter(Seen::succeeded)
                                    .mapToLong(one -> one.sent() - alone)
                                    .max()
                                    .orElse(0)
                            / 1e9;
                } finally {
                    bed.stack().restart(Part.KAFKA);
                }
            }
        }
        return List.of(
                new Line(
                        "with auth-service down too: a revoked key still reads for, contexts of 20 s",
                        "s",
                        Samples.of(lastRead),
                        Goal.neverAbove(LIFE_SECONDS)),
                new Line(
                        "with auth-service down too: writes of that key that got through",
                        "",
                        Samples.of(writes),
                        Goal.neverAbove(0)));
    }

    /** A DELETE, for the upstream reads no bodies. */
    private static byte[] changing(String key) {
        return new String(Api.get(PATH + "/" + UUID.randomUUID(), key), java.nio.charset.StandardCharsets.US_ASCII)
                .replaceFirst("GET", "DELETE")
                .getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    }

    private static void pause(long millis) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private interface Revocation {
        void run() throws IOException, InterruptedException;
    }

    private record Victim(byte[] request, Revocation revocation) {}

    private enum Kind {
        KEY("API key") {
            @Override
            Victim victim(Bed bed) throws IOException, InterruptedException {
                Account owner = bed.signUp();
                Account.Key key = bed.key(owner, "read");
                return new Victim(Api.get(PATH, key.secret()), () -> bed.api()
                        .send("DELETE", "/api/v1/api-keys/" + key.id(), owner.token(), null));
            }
        },
        MEMBER("member") {
            @Override
            Victim victim(Bed bed) throws IOException, InterruptedException, SQLException {
                Account owner = bed.signUp();
                Account member = bed.signUp();
                // Straight into the table, because an invitation goes by mail.
                try (Connection connection = bed.database("auth");
                        PreparedStatement insert = connection.prepareStatement(
                                "insert into app.membership (tenant_id, user_id, role, created_by) values (?, ?,"
                                        + " 'member', 'bench')")) {
                    insert.setObject(1, UUID.fromString(owner.tenantId()));
                    insert.setObject(2, UUID.fromString(member.userId()));
                    insert.executeUpdate();
                }
                return new Victim(Api.get(PATH, member.token(), "X-Tenant-ID: " + owner.tenantId()), () -> bed.api()
                        .send("DELETE", "/api/v1/members/" + member.userId(), owner.token(), null));
            }
        },
        TENANT("tenant (suspended)") {
            @Override
            Victim victim(Bed bed) throws IOException, InterruptedException {
                Account owner = bed.signUp();
                String staff = bed.staff();
                return new Victim(Api.get(PATH, owner.token()), () -> bed.api()
                        .send(
                                "POST",
                                "/api/v1/admin/tenants/" + owner.tenantId() + "/suspension",
                                staff,
                                Map.of("reason", "benchmark"),
                                "X-Access-Reason",
                                "benchmark"));
            }
        },
        SESSION("session") {
            @Override
            Victim victim(Bed bed) throws IOException, InterruptedException {
                Account owner = bed.signUp();
                return new Victim(Api.get(PATH, owner.token()), () -> bed.api()
                        .send("POST", "/api/v1/auth/logout", null, Map.of("refresh_token", owner.refreshToken())));
            }
        };

        private final String label;

        Kind(String label) {
            this.label = label;
        }

        abstract Victim victim(Bed bed) throws IOException, InterruptedException, SQLException;
    }
}
