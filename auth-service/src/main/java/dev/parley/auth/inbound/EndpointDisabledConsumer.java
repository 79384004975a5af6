package dev.parley.auth.inbound;

import dev.parley.auth.member.MembershipService;
import dev.parley.platform.event.ReceivedEvent;
import dev.parley.platform.event.TransactionalEventConsumer;
import dev.parley.platform.mail.MailOutbox;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/** Tells a tenant's owners by mail that an endpoint of theirs takes nothing and was disabled. */
@ApplicationScoped
class EndpointDisabledConsumer implements TransactionalEventConsumer {
    private final MembershipService members;
    private final MailOutbox mails;

    EndpointDisabledConsumer(MembershipService members, MailOutbox mails) {
        this.members = members;
        this.mails = mails;
    }

    @Override
    public String group() {
        return "auth-service.tell-of-disabled-endpoints";
    }

    @Override
    public Set<String> topics() {
        return Set.of("channel.webhook.events");
    }

    @Override
    public Set<String> types() {
        return Set.of("channel.webhook-endpoint-disabled.v1");
    }

    @Override
    public void handle(Handle handle, ReceivedEvent event) {
        EndpointDisabled disabled = event.as(EndpointDisabled.class);
        members.ownerAddresses(handle)
                .forEach(owner -> mails.append(handle, event.tenant(), EndpointDisabledMail.write(owner, disabled)));
    }
}
