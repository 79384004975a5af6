package dev.parley.local;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * The databases and their roles: per service one database, a migrator that owns it and its schema, and three roles that
 * own nothing, so that row level security binds them.
 */
final class Databases {
    static final List<String> SERVICES = List.of("auth", "policy", "agent", "billing", "channel");
    static final String KEYCLOAK = "keycloak";
    static final String KEYCLOAK_ROLE = "parley_keycloak";

    private final PostgresServer server;
    private final Secrets secrets;

    Databases(PostgresServer server, Secrets secrets) {
        this.server = server;
        this.secrets = secrets;
    }

    static String database(String service) {
        return "parley_" + service;
    }

    static String migrator(String service) {
        return database(service) + "_migrator";
    }

    static String app(String service) {
        return database(service) + "_app";
    }

    static String relay(String service) {
        return database(service) + "_relay";
    }

    static String eraser(String service) {
        return database(service) + "_eraser";
    }

    static String secretOf(String role) {
        return "database." + role;
    }

    /** Makes what is missing and sets what is there to what it must be; doing it again changes nothing. */
    void ensure() throws SQLException {
        try (Connection connection = server.connect("postgres");
                Statement sql = connection.createStatement()) {
            ensureRole(sql, KEYCLOAK_ROLE);
            ensureDatabase(sql, KEYCLOAK, KEYCLOAK_ROLE);
            for (String service : SERVICES) {
                ensureRole(sql, migrator(service));
                ensureRole(sql, app(service));
                ensureRole(sql, relay(service));
                ensureRole(sql, eraser(service));
                ensureDatabase(sql, database(service), migrator(service));
                sql.execute("grant connect on database %s to %s, %s, %s"
                        .formatted(database(service), app(service), relay(service), eraser(service)));
            }
        }
        for (String service : SERVICES) {
            try (Connection connection = server.connect(database(service));
                    Statement sql = connection.createStatement()) {
                sql.execute("revoke all on schema public from public");
                sql.execute("create schema if not exists app authorization " + migrator(service));
                sql.execute("grant usage on schema app to %s, %s, %s"
                        .formatted(app(service), relay(service), eraser(service)));
            }
        }
    }

    private void ensureRole(Statement sql, String role) throws SQLException {
        if (!exists(sql, "select 1 from pg_roles where rolname = '" + role + "'")) {
            sql.execute("create role " + role);
        }
        sql.execute(
                "alter role %s login nosuperuser nocreatedb nocreaterole noreplication nobypassrls noinherit password '%s'"
                        .formatted(role, secrets.get(secretOf(role))));
    }

    private static void ensureDatabase(Statement sql, String database, String owner) throws SQLException {
        if (!exists(sql, "select 1 from pg_database where datname = '" + database + "'")) {
            sql.execute("create database %s owner %s".formatted(database, owner));
        }
        sql.execute("revoke all on database %s from public".formatted(database));
    }

    private static boolean exists(Statement sql, String query) throws SQLException {
        try (ResultSet found = sql.executeQuery(query)) {
            return found.next();
        }
    }
}
