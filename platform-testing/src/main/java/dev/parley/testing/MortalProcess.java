package dev.parley.testing;

import java.io.PrintWriter;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.logging.Logger;
import javax.sql.DataSource;

/**
 * The connections of a process that dies at a boundary of choice: before a statement, before a commit, or after a commit
 * and before anybody hears of it. Death cuts all its connections without a word, so that PostgreSQL ends their
 * transactions, and whatever runs on in this JVM gets {@link Died} for every further statement: no catch or finally of
 * the code under test can do what a dead process could not. {@link #restart} begins the next life.
 */
public final class MortalProcess {
    private static final Set<String> ENDINGS = Set.of("rollback", "setAutoCommit", "clearWarnings", "isClosed");
    private static final int LONGEST_NAME = 110;
    /** How a statement ends that the commit travels with. */
    private static final String COMMITTING = ";commit";

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition givenBack = lock.newCondition();
    private final Set<Connection> physical = new HashSet<>();
    private final List<Pool> pools = new ArrayList<>();
    private final List<String> passed = new ArrayList<>();
    private int deadline = Integer.MAX_VALUE;
    private String diedAt;

    /** What the code of a dead process gets instead of a database; an error, so that no handler of failures takes it. */
    public static final class Died extends Error {
        Died(String where) {
            super("the process died " + where, null, false, false);
        }
    }

    /** A source of this process's connections as a role. */
    public DataSource source(String url, String role, String password) {
        Pool pool = new Pool(url, role, password);
        pools.add(pool);
        return pool;
    }

    /**
     * Counts boundaries from here on, and dies at that one; 0 is the first. What the process began behind its answers is
     * ended first: its boundaries are not of the path.
     */
    public void dieAt(int boundary) {
        lock.lock();
        try {
            long left = PATIENCE.toNanos();
            while (isAtWork()) {
                if (left <= 0) {
                    throw new AssertionError("a connection of the process is not given back");
                }
                left = givenBack.awaitNanos(left);
            }
            passed.clear();
            deadline = boundary;
        } catch (InterruptedException stopping) {
            throw new IllegalStateException(stopping);
        } finally {
            lock.unlock();
        }
    }

    private boolean isAtWork() {
        return physical.size()
                > pools.stream().mapToInt(pool -> pool.idle.size()).sum();
    }

    /** Whether it died. */
    public boolean isDead() {
        lock.lock();
        try {
            return diedAt != null;
        } finally {
            lock.unlock();
        }
    }

    /** The boundaries that were passed since {@link #dieAt}, and at last the one at which it died. */
    public List<String> passed() {
        lock.lock();
        try {
            return List.copyOf(passed);
        } finally {
            lock.unlock();
        }
    }

    /** Lives on or again, with no boundary to die at. */
    public void restart() {
        lock.lock();
        try {
            diedAt = null;
            deadline = Integer.MAX_VALUE;
        } finally {
            lock.unlock();
        }
    }

    private void boundary(String where) {
        lock.lock();
        try {
            alive();
            String bounded = where.length() > LONGEST_NAME ? where.substring(0, LONGEST_NAME) : where;
            passed.add(bounded);
            if (passed.size() > deadline) {
                diedAt = bounded;
                physical.forEach(MortalProcess::cut);
                physical.clear();
                pools.forEach(pool -> pool.idle.clear());
                throw new Died(bounded);
            }
        } finally {
            lock.unlock();
        }
    }

    private void alive() {
        if (diedAt != null) {
            throw new Died(diedAt);
        }
    }

    private static void cut(Connection connection) {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException cutAlready) {
            // That is what was wanted.
        }
    }

    private static Object call(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException failure) {
            throw failure.getCause();
        }
    }

    private final class Pool implements DataSource {
        private final List<Connection> idle = new ArrayList<>();
        private final String url;
        private final String role;
        private final String password;

        Pool(String url, String role, String password) {
            this.url = url;
            this.role = role;
            this.password = password;
        }

        @Override
        public Connection getConnection() throws SQLException {
            lock.lock();
            try {
                alive();
                Connection connection =
                        idle.isEmpty() ? DriverManager.getConnection(url, role, password) : idle.removeLast();
                physical.add(connection);
                return (Connection) Proxy.newProxyInstance(
                        MortalProcess.class.getClassLoader(),
                        new Class<?>[] {Connection.class},
                        new Wired(this, connection));
            } finally {
                lock.unlock();
            }
        }

        private void back(Connection connection) throws SQLException {
            lock.lock();
            try {
                if (physical.contains(connection)) {
                    if (!connection.getAutoCommit()) {
                        connection.rollback();
                        connection.setAutoCommit(true);
                    }
                    idle.add(connection);
                    givenBack.signalAll();
                }
            } finally {
                lock.unlock();
            }
        }

        @Override
        public Connection getConnection(String user, String secret) throws SQLException {
            throw new SQLException("the role is " + role);
        }

        @Override
        public PrintWriter getLogWriter() {
            return null;
        }

        @Override
        public void setLogWriter(PrintWriter out) {
            // Nothing is written.
        }

        @Override
        public void setLoginTimeout(int seconds) {
            // The server is on this machine.
        }

        @Override
        public int getLoginTimeout() {
            return 0;
        }

        @Override
        public Logger getParentLogger() {
            return Logger.getGlobal();
        }

        @Override
        public <T> T unwrap(Class<T> type) throws SQLException {
            throw new SQLException("nothing is wrapped");
        }

        @Override
        public boolean isWrapperFor(Class<?> type) {
            return false;
        }
    }

    private final class Wired implements InvocationHandler {
        private final Pool pool;
        private final Connection connection;
        private boolean closed;

        Wired(Pool pool, Connection connection) {
            this.pool = pool;
            this.connection = connection;
        }

        @Override
        public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
            String name = method.getName();
            switch (name) {
                case "hashCode" -> {
                    return System.identityHashCode(proxy);
                }
                case "equals" -> {
                    return proxy == arguments[0];
                }
                case "close" -> {
                    if (!closed) {
                        closed = true;
                        pool.back(connection);
                    }
                    return null;
                }
                case "isClosed" -> {
                    return closed;
                }
                default -> {
                    if (isDead()) {
                        if (ENDINGS.contains(name)) {
                            return null;
                        }
                        throw new Died(passed().getLast());
                    }
                }
            }
            if (name.equals("commit")) {
                boundary("before commit");
                call(connection, method, arguments);
                boundary("after commit");
                return null;
            }
            Object made = call(connection, method, arguments);
            if (made instanceof Statement statement) {
                String sql = arguments != null && arguments[0] instanceof String text ? text : null;
                return Proxy.newProxyInstance(
                        MortalProcess.class.getClassLoader(),
                        new Class<?>[] {PreparedStatement.class},
                        new WiredStatement((Connection) proxy, connection, statement, sql));
            }
            return made;
        }
    }

    private final class WiredStatement implements InvocationHandler {
        private final Connection proxy;
        private final Connection connection;
        private final Statement statement;
        private final String sql;

        WiredStatement(Connection proxy, Connection connection, Statement statement, String sql) {
            this.proxy = proxy;
            this.connection = connection;
            this.statement = statement;
            this.sql = sql;
        }

        @Override
        public Object invoke(Object self, Method method, Object[] arguments) throws Throwable {
            String name = method.getName();
            switch (name) {
                case "hashCode" -> {
                    return System.identityHashCode(self);
                }
                case "equals" -> {
                    return self == arguments[0];
                }
                case "getConnection" -> {
                    return proxy;
                }
                default -> {}
            }
            if (!name.startsWith("execute")) {
                return isDead() && name.equals("close") ? null : call(statement, method, arguments);
            }
            String text = sql != null ? sql : String.valueOf(arguments == null ? "" : arguments[0]);
            String what = text.strip().replaceAll("\\s+", " ");
            boundary("before " + what);
            Object result = call(statement, method, arguments);
            if (what.endsWith(COMMITTING)) {
                boundary("after commit");
            } else if (connection.getAutoCommit()) {
                boundary("after " + what);
            }
            return result;
        }
    }
}
