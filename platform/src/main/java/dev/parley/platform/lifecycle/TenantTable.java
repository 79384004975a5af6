package dev.parley.platform.lifecycle;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of one table of tenants: how it is exported, erased and retained, or why not. Every table must be
 * declared; a test of each service fails for one that is not.
 *
 * @param name the table's name
 * @param export the exported kind; null when it is not exported
 * @param notExported why not
 * @param kept why rows stay after an erasure; null when they are deleted
 * @param retention the period that ends rows; null when none does
 * @param notRetained why not
 * @param files the folder of the tenant's storage in which a file of the row's id stands; null when rows have none
 */
public record TenantTable(
        String name,
        @Nullable Export export,
        @Nullable String notExported,
        @Nullable String kept,
        @Nullable Retention retention,
        @Nullable String notRetained,
        @Nullable String files) {

    /**
     * A kind of an export.
     *
     * @param kind its name, the file's without its ending
     * @param source the table, or a view of it that adds names
     * @param key the columns that order rows uniquely within a tenant
     * @param columns the columns to write, in their order; no secrets and no hashes of secrets
     */
    public record Export(String kind, String source, List<String> key, List<String> columns) {}

    /**
     * A period that ends rows.
     *
     * @param kind the kind of data that the tenant sets days for
     * @param aged a condition on a row with {@code :cutoff}, the instant before which data has ended
     */
    public record Retention(
            String kind, String aged, @Nullable Emptying emptying) {}

    /**
     * What becomes of rows that outlive their period because something of them must not be forgotten.
     *
     * @param columns assignments that take away the rest, such as {@code name = null}
     * @param aged a condition on a row with {@code :cutoff}; false once the row is emptied
     */
    public record Emptying(String columns, String aged) {}

    /** A table that is, if nothing else is said, deleted when the tenant is erased. */
    public static TenantTable named(String name) {
        return new TenantTable(name, null, null, null, null, null, null);
    }

    /** Exported as a kind, with its key and its columns as comma-separated names. */
    public TenantTable exported(String kind, String key, String columns) {
        return exportedFrom(name, kind, key, columns);
    }

    /** Exported as a kind, read from a view of the table. */
    public TenantTable exportedFrom(String view, String kind, String key, String columns) {
        return new TenantTable(
                name, new Export(kind, view, names(key), names(columns)), null, kept, retention, notRetained, files);
    }

    /** Not exported, and why. */
    public TenantTable notExported(String reason) {
        return new TenantTable(name, null, reason, kept, retention, notRetained, files);
    }

    /** Kept after an erasure, and why: it must hold nothing that tells who the people were. */
    public TenantTable kept(String reason) {
        return new TenantTable(name, export, notExported, reason, retention, notRetained, files);
    }

    /** Ended by the tenant's period for that kind of data. */
    public TenantTable retained(String kind, String aged) {
        return new TenantTable(name, export, notExported, kept, new Retention(kind, aged, null), null, files);
    }

    /** Rows that this period must leave lose these columns by it; to be said after {@link #retained}. */
    public TenantTable emptied(String columns, String aged) {
        Retention emptying = new Retention(retention.kind(), retention.aged(), new Emptying(columns, aged));
        return new TenantTable(name, export, notExported, kept, emptying, null, files);
    }

    /** Not ended by any period, and why. */
    public TenantTable notRetained(String reason) {
        return new TenantTable(name, export, notExported, kept, null, reason, files);
    }

    /** A row has a file of its id in that folder of the tenant's storage: it is exported and ends with the row. */
    public TenantTable withFiles(String folder) {
        return new TenantTable(name, export, notExported, kept, retention, notRetained, folder);
    }

    /** What is missing or contradictory in this declaration. */
    public Optional<String> fault() {
        if ((export == null) == (notExported == null)) {
            return Optional.of(name + " must be exported, or say why not");
        }
        if ((retention == null) == (notRetained == null)) {
            return Optional.of(name + " must have a period, or say why not");
        }
        return Optional.empty();
    }

    private static List<String> names(String list) {
        return List.of(list.strip().split("\\s*,\\s*"));
    }
}
