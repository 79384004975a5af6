package dev.parley.channel;

import static dev.parley.channel.Channel.await;
import static dev.parley.channel.Channel.chat;
import static dev.parley.channel.Channel.conversation;
import static dev.parley.channel.Channel.count;
import static dev.parley.channel.Channel.execute;
import static dev.parley.channel.Channel.message;
import static dev.parley.channel.Channel.newTenant;
import static dev.parley.channel.Channel.send;
import static dev.parley.channel.Channel.telegram;
import static dev.parley.channel.Channel.text;
import static dev.parley.channel.Channel.update;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.platform.lifecycle.RetentionJob;
import dev.parley.platform.storage.ObjectStore;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.testing.KafkaBroker;
import dev.parley.testing.SealedEvents;
import dev.parley.testing.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

/** What a service does when auth-service says export, erase, or other periods: by events over the real broker. */
@QuarkusTest
@QuarkusTestResource(ChannelTestResource.class)
class LifecycleIT {
    @Inject
    RetentionJob retention;

    @Inject
    ObjectStore store;

    @Test
    void anExportHoldsEveryMessageInPages() {
        TenantId tenant = newTenant();
        String conversation = conversation(tenant, "concierge");
        send(tenant, conversation, "export-canary").statusCode(201);
        multiply(tenant, 1_200);
        UUID export = UUID.randomUUID();

        publish("auth.export-requested.v1", tenant, tenant, "{\"export_id\":\"" + export + "\"}");

        await(() -> file(tenant, export, "channels") != null);
        String messages = file(tenant, export, "messages");
        assertThat(messages.lines().count())
                .isEqualTo(count("select count(*) from app.message where tenant_id = '" + tenant + "'"))
                .isGreaterThan(1_200);
        assertThat(messages.lines().distinct().count())
                .isEqualTo(messages.lines().count());
        assertThat(messages).contains("export-canary");
        store.deleteAll(tenant.toString());
    }

    @Test
    void anErasureTakesEverythingOfThatTenantAloneAndGoesOnWhereItWas() {
        TenantId tenant = newTenant();
        TenantId neighbour = newTenant();
        telegram(tenant, "concierge");
        send(tenant, conversation(tenant, "concierge"), "erase-canary").statusCode(201);
        send(neighbour, conversation(neighbour, "concierge"), "neighbour").statusCode(201);
        multiply(tenant, 4_500);
        long messages = count("select count(*) from app.message where tenant_id = '" + tenant + "'");
        // as after a crash: a part is deleted and counted already
        await(() -> count("select count(*) from app.tenant_event_key where tenant_id = '" + tenant + "'") == 1);
        execute("update app.tenant_event_key set erased_rows = '{\"message\": 7}' where tenant_id = '" + tenant + "'");

        TestTokens.erasing(tenant);
        publish(
                "auth.erasure-requested.v1",
                TenantId.PLATFORM,
                tenant,
                "{\"tenant_id\":\"" + tenant + "\",\"erasure_id\":\"" + UUID.randomUUID() + "\"}");

        await(() -> count("select count(*) from app.tenant_event_key where tenant_id = '" + tenant
                        + "' and wrapped is null")
                == 1);
        await(() -> count("select count(*) from app.channel_account where tenant_id = '" + tenant + "'") == 0);
        await(() -> count("select count(*) from app.tenant_data_key where tenant_id = '" + tenant + "'") == 0);
        assertThat(count("select count(*) from app.message where tenant_id = '" + tenant + "'"))
                .isZero();
        assertThat(text("select erased_rows ->> 'message' from app.tenant_event_key where tenant_id = '" + tenant
                        + "'"))
                .isEqualTo(String.valueOf(messages + 7));
        assertThat(count("select count(*) from app.message where tenant_id = '" + neighbour + "'"))
                .isEqualTo(2);
    }

    @Test
    void whatIsOlderThanThePeriodEndsAndWhatIsYoungerStays() {
        TenantId tenant = newTenant();
        String old = conversation(tenant, "concierge");
        send(tenant, old, "old").statusCode(201);
        String young = conversation(tenant, "concierge");
        send(tenant, young, "young").statusCode(201);
        for (String table : new String[] {"message", "operation"}) {
            execute("update app." + table + " set created_at = now() - interval '40 days' where conversation_id = '"
                    + old + "'");
        }
        execute("update app.conversation set updated_at = now() - interval '40 days' where id = '" + old + "'");
        await(() -> count("select count(*) from app.tenant_event_key where tenant_id = '" + tenant + "'") == 1);
        run(tenant);
        assertThat(count("select count(*) from app.message where tenant_id = '" + tenant + "'"))
                .isEqualTo(4);

        publish("auth.tenant-changed.v1", tenant, tenant, "{\"retention\":{\"conversations\":30,\"audit\":null}}");
        await(() -> count("select count(*) from app.tenant_event_key where tenant_id = '" + tenant
                        + "' and retention ->> 'conversations' = '30'")
                == 1);
        run(tenant);

        assertThat(count("select count(*) from app.message where conversation_id = '" + old + "'"))
                .isZero();
        assertThat(count("select count(*) from app.operation where conversation_id = '" + old + "'"))
                .isZero();
        assertThat(count("select count(*) from app.conversation where id = '" + old + "'"))
                .isZero();
        assertThat(count("select count(*) from app.message where conversation_id = '" + young + "'"))
                .isEqualTo(2);
    }

    @Test
    void ofWhoAskedForSilenceOnlyTheNumberOutlivesThePeriod() {
        TenantId tenant = newTenant();
        String account = telegram(tenant, "concierge");
        String silent = chat("85");
        String other = chat("86");
        update(account, "s3cret", message(1, silent, 1, "STOP"));
        update(account, "s3cret", message(2, other, 1, "hello"));
        String contacts = "app.contact where tenant_id = '" + tenant + "'";
        await(() -> count("select count(*) from " + contacts + " and opted_out_at is not null") == 1
                && Fakes.sentTo(other).size() == 1);
        execute("update app.contact set email = 'ana@example.com', fields = '{\"x\": 1}', updated_at = now() - interval"
                + " '40 days' where tenant_id = '" + tenant + "'");
        for (String table : new String[] {"message", "operation"}) {
            execute("update app." + table + " set created_at = now() - interval '40 days' where tenant_id = '" + tenant
                    + "'");
        }
        execute("update app.conversation set updated_at = now() - interval '40 days' where tenant_id = '" + tenant
                + "'");
        await(() -> count("select count(*) from app.tenant_event_key where tenant_id = '" + tenant + "'") == 1);
        publish("auth.tenant-changed.v1", tenant, tenant, "{\"retention\":{\"conversations\":30}}");
        await(() -> count("select count(*) from app.tenant_event_key where tenant_id = '" + tenant
                        + "' and retention ->> 'conversations' = '30'")
                == 1);

        run(tenant);

        assertThat(text(
                        "select string_agg(concat_ws('|', display_name, email, fields, opted_out_at is not null), ' ') from "
                                + contacts))
                .isEqualTo("{}|t");
        assertThat(text("select string_agg(concat_ws('|', external_id, display_name, username), ' ') from"
                        + " app.contact_identity where tenant_id = '" + tenant + "'"))
                .isEqualTo(silent);
    }

    private void run(TenantId tenant) {
        execute("update app.tenant_event_key set purge_after = '2000-01-01' where tenant_id = '" + tenant + "'");
        retention.run();
    }

    private static void multiply(TenantId tenant, int times) {
        execute("""
                insert into app.message (tenant_id, id, conversation_id, seq, part, role, text, operation_id, created_by)
                select tenant_id, gen_random_uuid(), conversation_id, 1000 + n, 0, role, 'copy ' || n, operation_id, created_by
                  from (select * from app.message where tenant_id = '%s' limit 1) one, generate_series(1, %d) n
                """.formatted(tenant, times));
    }

    private String file(TenantId tenant, UUID export, String kind) {
        return store.read(tenant + "/exports/" + export + "/channel-service/" + kind + ".jsonl")
                .map(LifecycleIT::all)
                .orElse(null);
    }

    private static String all(InputStream file) {
        try (file) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void publish(String type, TenantId sealedFor, TenantId subject, String payload) {
        ProducerRecord<String, byte[]> message = new ProducerRecord<>(
                "auth.tenant.events", subject.toString(), payload.getBytes(StandardCharsets.UTF_8));
        Map.of(
                        "ce_id", UUID.randomUUID().toString(),
                        "ce_type", type,
                        "ce_subject", subject.toString(),
                        "ce_time", "2026-01-01T00:00:00Z",
                        "ce_tenantid", sealedFor.toString())
                .forEach((name, value) -> message.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", KafkaBroker.shared().bootstrap()),
                new StringSerializer(),
                new ByteArraySerializer())) {
            producer.send(SealedEvents.sealed(message));
        }
    }
}
