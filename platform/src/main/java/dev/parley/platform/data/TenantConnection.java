package dev.parley.platform.data;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A connection that sends the tenant of a transaction along with its first statement, so that binding it takes no round
 * trip of its own: on a message's short transactions that trip was the dearest part of row level security. What is known
 * to be the last of a transaction goes along with its commit likewise.
 *
 * <p>Whatever is not a plain prepared statement binds the tenant first, by itself. A statement that reached the database
 * without either would see no tenant and be refused there.
 */
final class TenantConnection implements InvocationHandler {
    private static final String BIND = "select set_config('app.tenant_id', ?, true)";
    private static final Set<String> ENDS = Set.of("commit", "rollback", "close");
    private static final Set<String> NEVER_ASKS_THE_DATABASE = Set.of(
            "getAutoCommit",
            "setAutoCommit",
            "isClosed",
            "isReadOnly",
            "isWrapperFor",
            "unwrap",
            "getWarnings",
            "clearWarnings",
            "createArrayOf",
            "hashCode",
            "equals",
            "toString");
    private static final Set<String> RUNS = Set.of("execute", "executeQuery", "executeUpdate");

    private final Connection connection;
    private final List<Last> last = new ArrayList<>();
    private @Nullable String pending;

    private TenantConnection(Connection connection) {
        this.connection = connection;
    }

    /** Takes a tenant for the transaction that is about to begin. */
    interface Bindable extends Connection {
        /** The next statement is bound to this tenant, and all that follow it in the same transaction. */
        void bind(String tenant);

        /**
         * Runs a statement at the end of the transaction, in the round trip of its commit; nobody sees its result, and a
         * failure is the commit's.
         *
         * @param values for the statement's question marks: texts, numbers, ids, arrays of the driver
         */
        void atCommit(String sql, List<@Nullable Object> values);
    }

    private record Last(String sql, List<@Nullable Object> values) {}

    static Bindable around(Connection connection) {
        return (Bindable) Proxy.newProxyInstance(
                Bindable.class.getClassLoader(), new Class<?>[] {Bindable.class}, new TenantConnection(connection));
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        String name = method.getName();
        if (method.getDeclaringClass() == Bindable.class && arguments != null) {
            told(name, arguments);
            return null;
        }
        if (!last.isEmpty() && ENDS.contains(name)) {
            if (name.equals("commit")) {
                commit();
                return null;
            }
            last.clear();
        }
        if (pending != null && !NEVER_ASKS_THE_DATABASE.contains(name)) {
            if (name.equals("prepareStatement") && arguments != null && isPlain(arguments)) {
                return statement((Connection) proxy, (String) arguments[0]);
            }
            if (ENDS.contains(name)) {
                pending = null;
            } else {
                bindNow();
            }
        }
        return call(connection, method, arguments);
    }

    /** Whether a statement is read as it is anyway; Jdbi says so with each. */
    private static boolean isPlain(Object[] arguments) {
        return arguments.length == 1
                || arguments.length == 3
                        && Integer.valueOf(ResultSet.TYPE_FORWARD_ONLY).equals(arguments[1])
                        && Integer.valueOf(ResultSet.CONCUR_READ_ONLY).equals(arguments[2]);
    }

    @SuppressWarnings("unchecked")
    private void told(String name, Object[] arguments) {
        if (name.equals("bind")) {
            pending = (String) arguments[0];
        } else {
            last.add(new Last((String) arguments[0], (List<Object>) arguments[1]));
        }
    }

    private void commit() throws SQLException {
        String tenant = pending;
        pending = null;
        List<Last> statements = List.copyOf(last);
        last.clear();
        StringBuilder sql = new StringBuilder(tenant == null ? "" : BIND + ";");
        statements.forEach(one -> sql.append(one.sql()).append(';'));
        try (PreparedStatement statement =
                connection.prepareStatement(sql.append("commit").toString())) {
            int index = 1;
            if (tenant != null) {
                statement.setString(index++, tenant);
            }
            for (Last one : statements) {
                for (Object value : one.values()) {
                    if (value == null) {
                        statement.setNull(index++, Types.VARCHAR);
                    } else {
                        statement.setObject(index++, value);
                    }
                }
            }
            statement.execute();
        }
    }

    private void bindNow() throws SQLException {
        String tenant = pending;
        pending = null;
        try (PreparedStatement statement = connection.prepareStatement(BIND)) {
            statement.setString(1, tenant);
            statement.execute();
        }
    }

    private PreparedStatement statement(Connection proxy, String sql) {
        return (PreparedStatement) Proxy.newProxyInstance(
                PreparedStatement.class.getClassLoader(),
                new Class<?>[] {PreparedStatement.class},
                new FirstStatement(proxy, sql));
    }

    private static @Nullable Object call(Object target, Method method, Object @Nullable [] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException failure) {
            throw failure.getCause();
        }
    }

    private record Setting(Method method, Object[] arguments) {}

    /** Prepared only when it runs, because only then is it known to be the first. */
    private final class FirstStatement implements InvocationHandler {
        private final Connection proxy;
        private final String sql;
        private final List<Setting> settings = new ArrayList<>();
        private volatile @Nullable PreparedStatement real;
        private boolean binds;
        private boolean closed;

        FirstStatement(Connection proxy, String sql) {
            this.proxy = proxy;
            this.sql = sql;
        }

        @Override
        public @Nullable Object invoke(Object self, Method method, Object @Nullable [] arguments) throws Throwable {
            String name = method.getName();
            if (name.equals("getConnection")) {
                return proxy;
            }
            if (real == null) {
                if (name.startsWith("set") && arguments != null) {
                    settings.add(new Setting(method, arguments));
                    return null;
                }
                switch (name) {
                    case "close" -> {
                        closed = true;
                        return null;
                    }
                    case "isClosed" -> {
                        return closed;
                    }
                    case "cancel" -> {
                        return null;
                    }
                    case "hashCode" -> {
                        return System.identityHashCode(self);
                    }
                    case "equals" -> {
                        return arguments != null && self == arguments[0];
                    }
                    case "toString" -> {
                        return sql;
                    }
                    default -> prepare(RUNS.contains(name) && arguments == null);
                }
            }
            return binds ? shifted(method, arguments) : call(real, method, arguments);
        }

        private void prepare(boolean running) throws Throwable {
            if (closed) {
                throw new SQLException("this statement is closed");
            }
            String tenant = pending;
            if (running && tenant != null) {
                pending = null;
                binds = true;
                real = connection.prepareStatement(BIND + ";" + sql);
                real.setString(1, tenant);
            } else {
                if (tenant != null) {
                    bindNow();
                }
                real = connection.prepareStatement(sql);
            }
            for (Setting setting : settings) {
                if (binds) {
                    shifted(setting.method(), setting.arguments());
                } else {
                    call(real, setting.method(), setting.arguments());
                }
            }
        }

        /** The tenant is the first parameter, and its row the first result. */
        private @Nullable Object shifted(Method method, Object @Nullable [] arguments) throws Throwable {
            String name = method.getName();
            if (arguments != null
                    && arguments.length > 1
                    && method.getDeclaringClass() == PreparedStatement.class
                    && arguments[0] instanceof Integer index) {
                Object[] moved = arguments.clone();
                moved[0] = index + 1;
                return call(real, method, moved);
            }
            if (arguments == null && RUNS.contains(name)) {
                real.execute();
                boolean rows = real.getMoreResults();
                return switch (name) {
                    case "execute" -> rows;
                    case "executeQuery" -> real.getResultSet();
                    default -> real.getUpdateCount();
                };
            }
            return call(real, method, arguments);
        }
    }
}
