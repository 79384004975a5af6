package dev.parley.policy.bulletin;

import dev.parley.platform.id.Ids;
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * Tells every replica of a change in the transaction that makes it, and knows whether this replica still hears.
 *
 * <p>A connection of its own listens. Several times a second it sends itself a beat; the database delivers in the order
 * of commits, so a beat that comes back proves that everything committed before it was sent has been heard. What is
 * answered from memory asks {@link #isCurrent} first: a replica that was paused, or lost its connection, is not.
 */
@ApplicationScoped
public class Bulletin {
    private static final Logger LOG = Logger.getLogger(Bulletin.class);
    private static final String CHANNEL = "policy_bulletin";
    private static final String BEAT = "beat";
    private static final String TERMS = "terms";
    private static final String RECALL = "recall";
    private static final String RULES = "rules";

    private final String url;
    private final Properties login;
    private final long beatNanos;
    private final long patienceNanos;
    private final LongSupplier nanoTime;
    private final UUID self = Ids.next();
    private final List<Reader> readers = new CopyOnWriteArrayList<>();
    private volatile boolean stopping;
    private volatile boolean heardOnce;
    private volatile long heardAt;
    private volatile @Nullable Thread thread;

    /** Who wants to know; called by one thread, in the order of the commits. */
    public interface Reader {
        /** The tenant's terms are another version from here on. */
        default void termsChanged(TenantId tenant) {}

        /** The tenant's credits are needed: what is set aside and not in use must go back. */
        default void recalled(TenantId tenant) {}

        /** Other rules of the platform are in force from here on. */
        default void rulesChanged() {}

        /** Anything may have been missed up to now. */
        default void missedSome() {}
    }

    @Inject
    Bulletin(
            @ConfigProperty(name = "quarkus.datasource.jdbc.url") String url,
            @ConfigProperty(name = "quarkus.datasource.username") String user,
            @ConfigProperty(name = "quarkus.datasource.password") String password,
            BulletinConfig config) {
        this(url, user, password, config, System::nanoTime);
    }

    /** Made by hand in tests, with a monotonic clock of theirs. */
    public Bulletin(String url, String user, String password, BulletinConfig config, LongSupplier nanoTime) {
        this.url = url;
        this.login = new Properties();
        login.setProperty("user", user);
        login.setProperty("password", password);
        login.setProperty("connectTimeout", "2");
        login.setProperty("socketTimeout", "5");
        login.setProperty("tcpKeepAlive", "true");
        login.setProperty("ApplicationName", "policy-bulletin");
        this.beatNanos = config.beatInterval().toNanos();
        this.patienceNanos = config.patience().toNanos();
        this.nanoTime = nanoTime;
    }

    /** Whether everything that was committed until a moment ago is known here. */
    public boolean isCurrent() {
        return heardOnce && !stopping && nanoTime.getAsLong() - heardAt < patienceNanos;
    }

    /** Tells the reader of everything from now on. */
    public void addReader(Reader reader) {
        readers.add(reader);
    }

    /** Tells all replicas, when the transaction commits, that the tenant's terms are others. */
    public void tellTermsChanged(Handle handle, TenantId tenant) {
        tell(handle, TERMS, tenant);
    }

    /** Tells all replicas, when the transaction commits, that the tenant's credits are needed. */
    public void tellRecalled(Handle handle, TenantId tenant) {
        tell(handle, RECALL, tenant);
    }

    /** Tells all replicas, when the transaction commits, that other rules of the platform are in force. */
    public void tellRulesChanged(Handle handle) {
        tell(handle, RULES);
    }

    /**
     * Returns when every replica either has heard what was committed before, or knows that it hears nothing: a beat that
     * was sent later than that is younger than the patience of whoever still counts as current.
     */
    public void awaitHeard() {
        long from = System.nanoTime();
        for (long left = patienceNanos; left > 0; left = patienceNanos - (System.nanoTime() - from)) {
            LockSupport.parkNanos(left);
        }
    }

    private static void tell(Handle handle, String what, TenantId tenant) {
        tell(handle, what + " " + tenant);
    }

    private static void tell(Handle handle, String text) {
        handle.createQuery("select pg_notify(:channel, :text)")
                .bind("channel", CHANNEL)
                .bind("text", text)
                .mapTo(String.class)
                .findOne();
    }

    void begin(@Observes StartupEvent event) {
        start();
    }

    void end(@Observes ShutdownEvent event) {
        stop();
    }

    /** Starts to listen; the container does it in production. */
    public void start() {
        thread = Thread.ofPlatform().daemon().name("policy-bulletin").start(this::run);
    }

    /** Stops listening, and with it everything that is answered from memory. */
    public void stop() {
        stopping = true;
        LockSupport.unpark(thread);
    }

    private void run() {
        boolean told = false;
        while (!stopping) {
            try (Connection connection = DriverManager.getConnection(url, login)) {
                told = false;
                listen(connection);
            } catch (SQLException | RuntimeException lost) {
                if (!told && !stopping) {
                    told = true;
                    LOG.warnf(
                            "nothing is answered from memory until the database is heard again: %s", lost.getMessage());
                }
                LockSupport.parkNanos(beatNanos);
            }
        }
    }

    private void listen(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("listen " + CHANNEL);
        }
        readers.forEach(Reader::missedSome);
        PGConnection notifying = connection.unwrap(PGConnection.class);
        try (PreparedStatement beat = connection.prepareStatement("select pg_notify(?, ?)")) {
            while (!stopping) {
                long sent = nanoTime.getAsLong();
                beat.setString(1, CHANNEL);
                beat.setString(2, BEAT + " " + self + " " + sent);
                beat.execute();
                long real = System.nanoTime();
                for (long left = beatNanos; left > 0 && !stopping; left = beatNanos - (System.nanoTime() - real)) {
                    PGNotification[] heard =
                            notifying.getNotifications((int) Math.max(1, TimeUnit.NANOSECONDS.toMillis(left)));
                    for (PGNotification one : heard == null ? new PGNotification[0] : heard) {
                        read(one.getParameter());
                    }
                }
            }
        }
    }

    private void read(String text) {
        String[] words = text.split(" ");
        switch (words[0]) {
            case BEAT -> {
                if (words[1].equals(self.toString())) {
                    heardAt = Long.parseLong(words[2]);
                    heardOnce = true;
                }
            }
            case TERMS -> readers.forEach(reader -> reader.termsChanged(TenantId.of(words[1])));
            case RULES -> readers.forEach(Reader::rulesChanged);
            case RECALL -> readers.forEach(reader -> reader.recalled(TenantId.of(words[1])));
            default -> LOG.debugf("a newer replica says what this one does not know: %s", words[0]);
        }
    }
}
