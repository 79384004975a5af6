package dev.parley.platform.crypto;

/**
 * A table of which rows have a file that {@link FileKey} seals. Produced as a bean beside the code that uses it: files are
 * never sealed anew, so a rotation of keys keeps each key that a row still notes.
 *
 * @param key the column with the {@link FileKey#id}; null in it stands for the tenant's first key
 * @param sealed in SQL: which rows have a file
 */
public record SealedFiles(String table, String key, String sealed) {}
