package dev.parley.platform.data;

import org.jdbi.v3.core.Handle;

/** What is done in one transaction; it may be run again after a serialization failure, so it has no other effects. */
@FunctionalInterface
public interface Work<T> {
    /** Runs with an open transaction and returns its result. */
    T run(Handle handle);
}
