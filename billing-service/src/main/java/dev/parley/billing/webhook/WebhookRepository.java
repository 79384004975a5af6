package dev.parley.billing.webhook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.billing.payment.ProviderEvent;
import dev.parley.billing.payment.ProviderEvent.ObjectKind;
import dev.parley.billing.payment.WebhookDelivery;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import org.jdbi.v3.core.Handle;

@ApplicationScoped
class WebhookRepository {
    private final ObjectMapper json;

    WebhookRepository(ObjectMapper json) {
        this.json = json;
    }

    /** Returns false when the event is in the inbox already. */
    boolean insert(Handle handle, ProviderEvent event, WebhookDelivery delivery) {
        return handle.createUpdate("""
                                insert into app.provider_event
                                    (provider, account, event_id, type, object_kind, object_id, body, headers)
                                values (:provider, :account, :event, :type, :kind, :object, :body,
                                    cast(:headers as jsonb))
                                on conflict (provider, account, event_id) do nothing
                                """)
                        .bind("provider", event.provider())
                        .bind("account", event.account())
                        .bind("event", event.eventId())
                        .bind("type", event.type())
                        .bind("kind", event.kind().name().toLowerCase(Locale.ROOT))
                        .bind("object", event.objectId())
                        .bind("body", delivery.body())
                        .bind("headers", headers(delivery))
                        .execute()
                == 1;
    }

    private String headers(WebhookDelivery delivery) {
        try {
            return json.writeValueAsString(delivery.headers());
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Claims waiting events of a provider for a minute, the oldest and all others about the same objects; a worker that dies gives them
     * back by then.
     */
    List<StoredEvent> claim(Handle relay, String provider, int limit) {
        return relay.createQuery("""
                        with oldest as (
                            select provider, account, event_id, object_id from app.provider_event
                            where provider = :provider and state = 'received' and claimed_until <= now()
                            order by claimed_until limit :limit for update skip locked),
                        same as (
                            select provider, account, event_id from app.provider_event
                            where provider = :provider and state = 'received' and claimed_until <= now()
                              and object_id in (select object_id from oldest)
                            limit :most for update skip locked)
                        update app.provider_event set claimed_until = now() + interval '1 minute',
                            attempts = attempts + 1
                        where (provider, account, event_id) in (
                            select provider, account, event_id from oldest
                            union select provider, account, event_id from same)
                        returning provider, account, event_id, type, object_kind, object_id, attempts
                        """)
                .bind("provider", provider)
                .bind("most", 20 * limit)
                .bind("limit", limit)
                .map((row, context) -> new StoredEvent(
                        row.getString("provider"),
                        row.getString("account"),
                        row.getString("event_id"),
                        row.getString("type"),
                        ObjectKind.valueOf(row.getString("object_kind").toUpperCase(Locale.ROOT)),
                        row.getString("object_id"),
                        row.getInt("attempts")))
                .list();
    }

    void finish(Handle relay, StoredEvent event, String state) {
        relay.createUpdate("""
                        update app.provider_event set state = :state, processed_at = now(), last_error = null
                        where provider = :provider and account = :account and event_id = :event
                          and state = 'received'
                        """)
                .bind("provider", event.provider())
                .bind("account", event.account())
                .bind("event", event.eventId())
                .bind("state", state)
                .execute();
    }

    /** Puts the event back for later: a second at first, an hour at last; after 100 tries it stays failed. */
    void fail(Handle relay, StoredEvent event, String error) {
        relay.createUpdate("""
                        update app.provider_event set last_error = :error,
                            state = case when attempts >= 100 then 'failed' else state end,
                            claimed_until = now() + least(
                                interval '1 second' * power(2, least(attempts, 12)), interval '1 hour')
                        where provider = :provider and account = :account and event_id = :event
                          and state = 'received'
                        """)
                .bind("provider", event.provider())
                .bind("account", event.account())
                .bind("event", event.eventId())
                .bind("error", error)
                .execute();
    }
}
