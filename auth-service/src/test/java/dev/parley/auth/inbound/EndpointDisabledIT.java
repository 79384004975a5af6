package dev.parley.auth.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.auth.AuthTestResource;
import dev.parley.auth.Story;
import dev.parley.auth.Story.Person;
import dev.parley.testing.SmtpServer;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(AuthTestResource.class)
class EndpointDisabledIT {
    @Test
    void ownersAreToldByMailAndNobodyElse() {
        Person owner = Story.newcomer();
        Person member = Story.newcomer();
        Story.member(owner, member, "member");

        // as channel-service does; the relay seals it and sends it
        Story.sql("""
                insert into app.outbox_event (tenant_id, id, topic, key, type, subject, payload)
                values ('%1$s', uuidv7(), 'channel.webhook.events', 'e', 'channel.webhook-endpoint-disabled.v1', 'e',
                        '{"endpoint_id":"e","url":"https://hooks.example.com/<b>","reason":"the endpoint answered 410 Gone","at":"2026-11-21T10:00:00Z"}')
                """.formatted(owner.tenantId()));

        Story.await("the mail", () -> mails(owner) == 1);
        assertThat(SmtpServer.shared().to(owner.email()).getLast().message().replaceAll("=\\r?\\n", ""))
                .contains("https://hooks.example.com/<b>", "https://hooks.example.com/&lt;b&gt;", "410 Gone");
        assertThat(mails(member)).isZero();
    }

    private static long mails(Person person) {
        return SmtpServer.shared().to(person.email()).stream()
                .filter(mail -> mail.message().contains("An endpoint of your webhooks was disabled"))
                .count();
    }
}
