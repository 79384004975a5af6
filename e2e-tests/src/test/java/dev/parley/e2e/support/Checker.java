package dev.parley.e2e.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Reads the databases as the superuser, and the simulators' logs, after a test: ledger, balance, holds and outboxes
 * must agree whatever happened.
 */
public final class Checker {
    /** I1, I8: the ledger sums to the live balance, nothing is held for ever, every usage line is booked once. */
    public void tenantIsConsistent(String tenantId) {
        long ledger = number("parley_billing", Queries.LEDGER_BALANCE, tenantId);
        long policy = number("parley_policy", Queries.POLICY_BALANCE, tenantId);
        assertThat(ledger).as("sum(ledger) = balance").isEqualTo(policy);
        assertThat(number("parley_policy", Queries.OPEN_HOLDS, tenantId))
                .as("open holds")
                .isZero();
        assertThat(number("parley_billing", Queries.USAGE_CREDITS, tenantId))
                .as("credits in the usage log")
                .isEqualTo(number("parley_policy", Queries.SETTLED_CREDITS, tenantId));
        assertThat(number("parley_billing", Queries.UNBALANCED, tenantId))
                .as("unbalanced ledger transactions")
                .isZero();
    }

    /** I5: what was published has been sent. */
    public void outboxesAreEmpty() {
        for (String service : List.of("auth", "policy", "agent", "billing", "channel")) {
            assertThat(number("parley_" + service, "select count(*) from app.outbox_event", null))
                    .as("outbox of " + service)
                    .isZero();
        }
    }

    /** How many credits policy has charged a tenant. */
    public long charged(String tenantId) {
        return number("parley_policy", Queries.SETTLED_CREDITS, tenantId);
    }

    /** The first column of a query on a service's database. */
    public List<String> column(String database, String sql) {
        try (Connection connection = DriverManager.getConnection(Stack.running().superuserUrl(database));
                PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet rows = statement.executeQuery()) {
            List<String> values = new ArrayList<>();
            while (rows.next()) {
                values.add(rows.getString(1));
            }
            return values;
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
    }

    /** Changes a service's database behind its back; returns how many rows. */
    public int update(String database, String sql) {
        try (Connection connection = DriverManager.getConnection(Stack.running().superuserUrl(database));
                PreparedStatement statement = connection.prepareStatement(sql)) {
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
    }

    private static long number(String database, String sql, String tenantId) {
        try (Connection connection = DriverManager.getConnection(Stack.running().superuserUrl(database));
                PreparedStatement statement = connection.prepareStatement(sql)) {
            if (tenantId != null) {
                statement.setObject(1, UUID.fromString(tenantId));
            }
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                return rows.getLong(1);
            }
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
    }
}
