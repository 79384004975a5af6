package dev.parley.channel.device;

import dev.parley.platform.event.ReceivedEvent;
import dev.parley.platform.event.TransactionalEventConsumer;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/** Forgets the devices of members who were removed: a phone outlives the right to read. */
@ApplicationScoped
class MemberRemovedConsumer implements TransactionalEventConsumer {
    private final DeviceService devices;

    MemberRemovedConsumer(DeviceService devices) {
        this.devices = devices;
    }

    @Override
    public String group() {
        return "channel-service.devices";
    }

    @Override
    public Set<String> topics() {
        return Set.of("auth.tenant.events");
    }

    @Override
    public Set<String> types() {
        return Set.of("auth.member-removed.v1");
    }

    /** What is deleted stays deleted, however often. */
    @Override
    public boolean noted() {
        return false;
    }

    @Override
    public void handle(Handle handle, ReceivedEvent event) {
        devices.deleteOf(handle, event.tenant(), event.subject());
    }
}
