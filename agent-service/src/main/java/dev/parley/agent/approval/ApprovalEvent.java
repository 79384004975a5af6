package dev.parley.agent.approval;

import dev.parley.platform.event.DomainEvent;
import dev.parley.platform.tenancy.TenantId;
import java.util.UUID;

/** What is told of a wish of an agent that a person decides, in the order of its conversation. */
interface ApprovalEvent extends DomainEvent {
    TenantId tenant();

    UUID approvalId();

    String conversationId();

    @Override
    default String topic() {
        return "agent.run.events";
    }

    @Override
    default String key() {
        return tenant() + ":" + conversationId();
    }

    @Override
    default String subject() {
        return approvalId().toString();
    }
}
