package dev.parley.platform.event;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import dev.parley.platform.crypto.SecretVault;
import dev.parley.platform.data.Database;
import dev.parley.platform.eventkey.EventKeys;
import dev.parley.platform.json.JsonConventions;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.testing.KafkaBroker;
import dev.parley.testing.SealedEvents;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** The event machinery of a service called {@code test-service}, wired by hand. */
public final class EventFixtures {
    static final SecretVault VAULT = newVault();

    private EventFixtures() {}

    /** The vault of the test service. */
    public static SecretVault vault() {
        return VAULT;
    }

    private static SecretVault newVault() {
        try {
            AeadConfig.register();
            return new SecretVault(KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public static ObjectMapper mapper() {
        ObjectMapper mapper = new ObjectMapper().registerModule(new JavaTimeModule());
        new JsonConventions().customize(mapper);
        return mapper;
    }

    public static EventKeys keys(Database database) {
        return keys(database, Set.of());
    }

    /** Keys from an auth-service that erases those tenants. */
    public static EventKeys keys(Database database, Set<TenantId> ending) {
        return new EventKeys(
                database,
                VAULT,
                tenant -> ending.contains(tenant) ? Optional.empty() : Optional.of(SealedEvents.keyset(tenant)));
    }

    public static EventCodec codec(Database database) {
        return codec(keys(database), PlainEvents.REFUSE);
    }

    public static EventCodec codec(EventKeys keys, PlainEvents plain) {
        return new EventCodec(mapper(), "test-service", keys, plain);
    }

    /** An event as a consumer gets it: opened, with what its headers and its payload say. */
    public static ReceivedEvent received(String type, TenantId tenant, String subject, String payload) {
        return new ReceivedEvent(
                UUID.randomUUID(),
                type,
                tenant,
                subject,
                Instant.EPOCH,
                subject,
                payload.getBytes(StandardCharsets.UTF_8),
                null,
                null,
                mapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES));
    }

    public static KafkaSettings settings() {
        return new KafkaSettings(KafkaBroker.shared().bootstrap(), "test-service");
    }

    public static EventConsumers consumers(Database database, EventCodec codec, EventConsumer... consumers) {
        return new EventConsumers(
                List.of(consumers),
                settings(),
                codec,
                database,
                KafkaBroker.shared().bootstrap(),
                true);
    }
}
