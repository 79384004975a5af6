package dev.parley.channel.inbound;

import dev.parley.channel.account.AccountRoute;
import dev.parley.channel.adapter.InboundEvent;
import jakarta.enterprise.context.ApplicationScoped;
import org.jdbi.v3.core.Handle;

/** What changes of a thread without a new message in it. */
@ApplicationScoped
class ThreadRepository {
    /** Changes a message that nobody began to answer; what was answered stays what it was. */
    void edit(Handle handle, AccountRoute route, InboundEvent.Edit edit) {
        handle.createUpdate("""
                        update message m set text = :text, updated_at = now()
                          from conversation c, operation o
                         where c.tenant_id = :tenant and c.thread_key = :thread
                           and o.tenant_id = :tenant and o.conversation_id = c.id and o.state = 'QUEUED'
                           and m.tenant_id = :tenant and m.id = o.message_id and m.provider_order = :order
                        """)
                .bind("tenant", route.tenant().value())
                .bind("thread", key(route, edit.thread()))
                .bind("order", edit.order())
                .bind("text", edit.text())
                .execute();
    }

    /**
     * Goes on with a conversation at its new address, and with the person whose address it was, unless somebody was
     * faster there.
     */
    void move(Handle handle, AccountRoute route, InboundEvent.Move move) {
        handle.createUpdate("""
                        update conversation set thread_key = :to, recipient = :recipient, updated_at = now()
                         where tenant_id = :tenant and thread_key = :from
                           and not exists (select from conversation n
                                            where n.tenant_id = :tenant and n.thread_key = :to)
                        """)
                .bind("tenant", route.tenant().value())
                .bind("from", key(route, move.from()))
                .bind("to", key(route, move.to()))
                .bind("recipient", move.to())
                .execute();
        handle.createUpdate("""
                        update contact_identity set external_id = :to, updated_at = now()
                         where tenant_id = :tenant and channel_account_id = :account and external_id = :from
                           and not exists (select from contact_identity n
                                            where n.tenant_id = :tenant and n.channel_account_id = :account
                                              and n.external_id = :to)
                        """)
                .bind("tenant", route.tenant().value())
                .bind("account", route.accountId())
                .bind("from", move.from())
                .bind("to", move.to())
                .execute();
    }

    private static String key(AccountRoute route, String thread) {
        return route.accountId() + ":" + thread;
    }
}
