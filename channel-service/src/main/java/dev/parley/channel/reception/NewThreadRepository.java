package dev.parley.channel.reception;

import dev.parley.channel.account.AccountRoute;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Counts the conversations that a sender opens. */
@ApplicationScoped
class NewThreadRepository {
    /** Whether nobody has written in that thread; if so, the sender's other new threads wait for this transaction. */
    boolean isNew(Handle handle, AccountRoute route, String sender, String thread) {
        return handle.createQuery("""
                        select pg_advisory_xact_lock(hashtextextended(:who, 0))
                         where not exists (select from conversation where tenant_id = :tenant and thread_key = :thread)
                        """)
                .bind("who", route.accountId() + ":" + sender)
                .bind("tenant", route.tenant().value())
                .bind("thread", thread)
                .map((rs, context) -> true)
                .findFirst()
                .orElse(false);
    }

    /**
     * The key of the sender's newest conversation, when a further one would be too many.
     *
     * @param by who opened them, as rows call that person
     * @param thread the key that a new one would have; empty when it has come about meanwhile
     * @param most how many may be opened within an hour
     */
    Optional<String> instead(Handle handle, AccountRoute route, String sender, String by, String thread, int most) {
        return handle.createQuery("""
                        with opened as (
                            select id, thread_key, created_at from conversation
                             where tenant_id = :tenant and channel_account_id = :account and created_by = :by
                               and contact_id = (select contact_id from contact_identity
                                                  where tenant_id = :tenant and channel_account_id = :account
                                                    and external_id = :sender)
                             order by id desc limit :most
                        )
                        select thread_key from opened
                         where (select count(*) from opened where created_at > now() - interval '1 hour') >= :most
                           and not exists (select from conversation where tenant_id = :tenant and thread_key = :thread)
                         order by id desc limit 1
                        """)
                .bind("tenant", route.tenant().value())
                .bind("account", route.accountId())
                .bind("sender", sender)
                .bind("by", by)
                .bind("thread", thread)
                .bind("most", most)
                .mapTo(String.class)
                .findFirst();
    }
}
