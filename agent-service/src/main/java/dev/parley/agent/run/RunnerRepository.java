package dev.parley.agent.run;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

@ApplicationScoped
class RunnerRepository {
    /** Says that a process lives, for as long as the lease. */
    void beat(Handle handle, UUID runner, Duration lease) {
        handle.createUpdate("""
            insert into runner (id, alive_until) values (:id, now() + :lease * interval '1 millisecond')
            on conflict (id) do update set alive_until = excluded.alive_until
            """)
                .bind("id", runner)
                .bind("lease", lease.toMillis())
                .execute();
    }

    /** Forgets a process, so that its runs may be taken over at once, and those that have long been gone. */
    void forget(Handle handle, UUID runner) {
        handle.createUpdate("delete from runner where id = :id or alive_until < now() - interval '1 hour'")
                .bind("id", runner)
                .execute();
    }
}
