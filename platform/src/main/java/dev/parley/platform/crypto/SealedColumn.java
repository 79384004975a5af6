package dev.parley.platform.crypto;

import org.jspecify.annotations.Nullable;

/**
 * A column whose values {@link SecretVault} encrypts, each for its row. Produced as a bean beside the code that uses it,
 * so that a rotation of keys finds it; the vault refuses columns that are not.
 *
 * @param row the column that identifies a row; null when rows live for days only and a rotation waits for their end
 * @param ofPlatform whether all its values are of {@link dev.parley.platform.tenancy.TenantId#PLATFORM}, in a table
 *     without tenants
 */
public record SealedColumn(
        String table, String column, @Nullable String row, boolean ofPlatform) {
    /** Of a tenants' table whose rows are known by {@code id}. */
    public static SealedColumn of(String table, String column) {
        return new SealedColumn(table, column, "id", false);
    }

    /** Of a table without tenants whose rows are known by {@code id}. */
    public static SealedColumn ofPlatform(String table, String column) {
        return new SealedColumn(table, column, "id", true);
    }

    /** A text, in Base64, of rows that live for days only. */
    public static SealedColumn shortLived(String table, String column) {
        return new SealedColumn(table, column, null, false);
    }

    /** The same, of rows that are known by another column. */
    public SealedColumn identifiedBy(String other) {
        return new SealedColumn(table, column, other, ofPlatform);
    }

    /** In SQL: the key that a value is encrypted under, as {@link KeyName#hex} writes it. */
    String keySql() {
        String bytes = row == null ? "decode(left(" + column + ", 8), 'base64')" : column;
        return "encode(substring(" + bytes + " from 1 for " + KeyName.BYTES + "), 'hex')";
    }

    /** In SQL: whose rows are meant, in a transaction of the tenant. */
    String mineSql() {
        return ofPlatform ? "true" : "tenant_id = app.tenant()";
    }

    @Override
    public String toString() {
        return table + "." + column;
    }
}
