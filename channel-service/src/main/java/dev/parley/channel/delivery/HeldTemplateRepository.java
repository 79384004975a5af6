package dev.parley.channel.delivery;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.channel.adapter.OutboundPart;
import dev.parley.platform.id.Ids;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Rows of templates that announce a held answer. */
@ApplicationScoped
class HeldTemplateRepository {
    private static final String OFFER = """
            insert into send_intent (tenant_id, id, conversation_id, channel_account_id, message_id, operation_id,
                                     part_no, parts, part, purpose, epoch, state)
            select s.tenant_id, :id, s.conversation_id, s.channel_account_id, s.message_id, s.operation_id, 0, s.parts,
                   cast(:part as jsonb), s.purpose, s.epoch, 'PENDING'
              from send_intent s
              join conversation c on c.tenant_id = s.tenant_id and c.id = s.conversation_id
             where s.tenant_id = :tenant and s.id = :held
               and not exists (select from send_intent e
                                where e.tenant_id = s.tenant_id and e.conversation_id = s.conversation_id
                                  and e.part_no = 0
                                  and e.created_at > coalesce(c.last_inbound_at, now() - interval '48 hours'))
            on conflict do nothing
            """;

    private final ObjectMapper json;

    HeldTemplateRepository(ObjectMapper json) {
        this.json = json;
    }

    /** Plans the template beside that send, unless the customer has one already that they did not answer. */
    void plan(Handle handle, TenantId tenant, UUID held, OutboundPart.Template template) {
        handle.createUpdate(OFFER)
                .bind("tenant", tenant.value())
                .bind("id", Ids.next())
                .bind("held", held)
                .bind("part", written(template))
                .execute();
    }

    private String written(OutboundPart.Template template) {
        try {
            return json.writerFor(OutboundPart.class).writeValueAsString(template);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a part is always serializable", impossible);
        }
    }
}
