package dev.parley.channel.device;

import dev.parley.channel.adapter.Adapters;
import dev.parley.platform.crypto.SealedColumn;
import dev.parley.platform.crypto.SecretVault;
import dev.parley.platform.data.Database;
import dev.parley.platform.id.Ids;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.problem.ProblemCompletion;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Keeps devices; their tokens go in encrypted and come out only to be notified. */
@ApplicationScoped
public class DeviceService {
    @Produces
    static final SealedColumn TOKEN = SealedColumn.of("push_device", "token");

    private final Database database;
    private final DeviceRepository repository;
    private final SecretVault vault;
    private final Adapters adapters;
    private final DeviceConfig config;

    DeviceService(
            Database database, DeviceRepository repository, SecretVault vault, Adapters adapters, DeviceConfig config) {
        this.database = database;
        this.repository = repository;
        this.vault = vault;
        this.adapters = adapters;
        this.config = config;
    }

    /** A device, and whether it was unknown. */
    record Registered(DeviceResponse device, boolean isNew) {}

    /** Registers a device in a conversation, or renews it when its token is known there. */
    Registered register(Caller caller, UUID conversation, RegisterDeviceRequest request) {
        TenantId tenant = caller.tenant();
        byte[] hash = DeviceToken.hash(request.token());
        return database.inTenant(tenant, handle -> {
            DeviceRepository.Place place = place(handle, tenant, conversation);
            UUID channel = channel(handle, tenant, place.agent(), request.channelId());
            UUID contact = request.contactId() == null ? null : contact(handle, tenant, request.contactId());
            DeviceRepository.Registration registration =
                    new DeviceRepository.Registration(conversation, hash, channel, contact, request);
            // What most calls are waits for nobody: others' waits would each hold a connection.
            Optional<DeviceResponse> known = repository.renew(handle, tenant, registration, place.contact());
            if (known.isPresent()) {
                return new Registered(known.get(), false);
            }
            return registered(handle, caller, registration, contact == null ? place.contact() : contact);
        });
    }

    /** Registers a token that is new in its conversation, or new to its contact. */
    private Registered registered(
            Handle handle, Caller caller, DeviceRepository.Registration registration, @Nullable UUID owner) {
        TenantId tenant = caller.tenant();
        repository.queue(handle, tenant, registration.conversation());
        if (owner != null) {
            // Always after the conversation, so that two never wait for each other.
            repository.queue(handle, tenant, owner);
        }
        Optional<DeviceResponse> taken = repository.take(handle, tenant, registration);
        if (taken.isEmpty()) {
            demandRoom(repository.ofConversation(handle, tenant, registration.conversation()));
        }
        if (owner != null) {
            demandRoom(repository.ofContact(handle, tenant, owner, registration.hash()));
        }
        if (taken.isPresent()) {
            return new Registered(taken.get(), false);
        }
        UUID id = Ids.next();
        byte[] token = sealed(handle, tenant, id, registration.request().token());
        return new Registered(repository.insert(handle, tenant, id, registration, token, caller.actor()), true);
    }

    private DeviceRepository.Place place(Handle handle, TenantId tenant, UUID conversation) {
        return repository.place(handle, tenant, conversation).orElseThrow(() -> new Problem(CommonProblem.NOT_FOUND));
    }

    private UUID contact(Handle handle, TenantId tenant, UUID contact) {
        return repository.contact(handle, tenant, contact).orElseThrow(() -> new Problem(
                        CommonProblem.VALIDATION_FAILED)
                .detail("There is no such contact.")
                .with("errors", ProblemCompletion.error("/contact_id", "is not a contact")));
    }

    /** The channel that was named; otherwise the only one, or the only one of the conversation's agent. */
    private UUID channel(Handle handle, TenantId tenant, String agent, @Nullable UUID named) {
        List<DeviceRepository.Channel> channels = repository.channels(handle, tenant, adapters.pushing());
        if (named != null) {
            return channels.stream()
                    .map(DeviceRepository.Channel::id)
                    .filter(named::equals)
                    .findFirst()
                    .orElseThrow(() -> new Problem(CommonProblem.VALIDATION_FAILED)
                            .detail("There is no such channel that notifies devices.")
                            .with("errors", ProblemCompletion.error("/channel_id", "is not a channel for notices")));
        }
        List<UUID> fitting = channels.stream()
                .filter(channel -> channels.size() == 1 || channel.agent().equals(agent))
                .map(DeviceRepository.Channel::id)
                .toList();
        if (fitting.size() != 1) {
            throw new Problem(DeviceProblem.PUSH_NOT_CONNECTED)
                    .detail(
                            channels.isEmpty()
                                    ? "Connect a channel that notifies devices first."
                                    : "Several channels notify devices: name one as channel_id.");
        }
        return fitting.getFirst();
    }

    private void demandRoom(int devices) {
        if (devices >= config.most()) {
            throw new Problem(DeviceProblem.DEVICE_LIMIT)
                    .detail("There may be " + config.most() + " devices. Delete one that is not used any more.");
        }
    }

    /** The devices of a conversation, latest first. */
    List<DeviceResponse> list(TenantId tenant, UUID conversation) {
        return database.inTenant(tenant, handle -> {
            place(handle, tenant, conversation);
            return repository.list(handle, tenant, conversation);
        });
    }

    /** Replaces a device's token or changes its language. */
    DeviceResponse change(TenantId tenant, UUID conversation, UUID device, ChangeDeviceRequest request) {
        return database.inTenant(tenant, handle -> {
            DeviceRepository.Token token = request.token() == null
                    ? null
                    : new DeviceRepository.Token(
                            DeviceToken.hash(request.token()), sealed(handle, tenant, device, request.token()));
            if (token != null) {
                repository.queue(handle, tenant, conversation);
                // An app that registered the new token before it replaced the old one is one app.
                repository.deleteTwin(handle, tenant, conversation, device, token.hash());
            }
            return repository
                    .change(handle, tenant, conversation, device, token, request.language())
                    .orElseThrow(() -> new Problem(CommonProblem.NOT_FOUND));
        });
    }

    /** Deletes a device; 404 when the conversation has none of that id. */
    void delete(TenantId tenant, UUID conversation, UUID device) {
        database.useTenant(tenant, handle -> {
            if (!repository.delete(handle, tenant, conversation, device)) {
                throw new Problem(CommonProblem.NOT_FOUND);
            }
        });
    }

    /** Deletes what a member registered who is one no longer: their devices would go on showing answers. */
    void deleteOf(Handle handle, TenantId tenant, String subject) {
        repository.deleteOf(handle, tenant, subject);
    }

    /** Deletes an app that is gone from its device, in all conversations; one that has a new token by now stays. */
    public void gone(Handle handle, TenantId tenant, UUID channel, String token) {
        repository.deleteEverywhere(handle, tenant, channel, DeviceToken.hash(token));
    }

    /** A device's token in clear, for a notice that is sent at once. */
    public String token(Handle handle, TenantId tenant, UUID device, byte[] sealed) {
        return new String(vault.decrypt(handle, tenant, TOKEN, device, sealed), StandardCharsets.US_ASCII);
    }

    private byte[] sealed(Handle handle, TenantId tenant, UUID device, String token) {
        return vault.encrypt(handle, tenant, TOKEN, device, token.getBytes(StandardCharsets.US_ASCII));
    }
}
