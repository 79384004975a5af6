package dev.parley.channel.search;

import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Reads messages by their words. Row level security lets no full-text index help, because its operator is not proven to
 * leak nothing: so a tenant's messages are read newest first by their ids, which are times, and not too many at once.
 */
@ApplicationScoped
class SearchRepository {
    /**
     * Where nothing fits there is one row without an id, so that it is known how far was looked. A text is taken apart only
     * when it contains the words that all matches have, which is found out much faster.
     */
    private static final String SEARCH = """
            with asked as materialized (
                select q,
                       case when q::text ~ '[|\\\\]' then '{}'
                            else array(select '%' || replace(replace(w[1], '%', '\\%'), '_', '\\_') || '%'
                                         from regexp_matches(querytree(q), '''([^'']+)''', 'g') w) end as words
                  from websearch_to_tsquery('simple', :query) q
            ), recent as materialized (
                select id, conversation_id, role, text, created_at, cancelled_at,
                       sum(octet_length(text)) over (order by id desc) - octet_length(text) as bytes
                  from (select * from message
                         where tenant_id = :tenant and id >= :lowest and id < coalesce(cast(:before as uuid), :highest)
                         order by id desc limit :examined) m
            ), seen as materialized (
                select * from recent where bytes < :bytes
            ), fits as (
                select s.* from seen s, asked a
                 where s.cancelled_at is null and lower(s.text) like all(a.words) and to_tsvector('simple', s.text) @@ a.q
                 order by s.id desc limit :most
            )
            select l.looked_at, f.id, f.conversation_id, f.role, f.text, f.created_at, c.channel, c.agent
              from (select case when count(*) = :examined or count(*) < (select count(*) from recent)
                                then (select id from seen order by id limit 1) end as looked_at
                      from seen) l
              left join fits f on true
              left join conversation c on c.tenant_id = :tenant and c.id = f.conversation_id
             order by f.id desc
            """;

    /** What has the words, newest first, from behind that one; looks at no more than so many messages and bytes. */
    Found search(
            Handle handle,
            TenantId tenant,
            String query,
            Instant from,
            Instant to,
            @Nullable UUID before,
            int examined,
            int bytes,
            int most) {
        List<FoundMessage> messages = new ArrayList<>();
        AtomicReference<@Nullable UUID> lookedAt = new AtomicReference<>();
        handle.createQuery(SEARCH)
                .bind("tenant", tenant.value())
                .bind("query", query)
                .bind("lowest", lowest(from))
                .bind("highest", lowest(to))
                .bind("before", before)
                .bind("examined", examined)
                .bind("bytes", bytes)
                .bind("most", most)
                .map((rs, context) -> {
                    lookedAt.set(rs.getObject("looked_at", UUID.class));
                    UUID id = rs.getObject("id", UUID.class);
                    return id == null
                            || messages.add(new FoundMessage(
                                    id,
                                    rs.getObject("conversation_id", UUID.class),
                                    rs.getString("channel"),
                                    rs.getString("agent"),
                                    rs.getString("role"),
                                    rs.getString("text"),
                                    rs.getObject("created_at", OffsetDateTime.class)
                                            .toInstant()));
                })
                .list();
        return new Found(messages, lookedAt.get());
    }

    /** The smallest UUIDv7 of that time. */
    private static UUID lowest(Instant time) {
        return new UUID(time.toEpochMilli() << 16 | 0x7000, 0x8000_0000_0000_0000L);
    }

    /**
     * What a search found.
     *
     * @param lookedAt the last message that was looked at, when there may be more behind it
     */
    record Found(List<FoundMessage> messages, @Nullable UUID lookedAt) {}
}
