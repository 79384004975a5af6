package dev.parley.platform.mail;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.platform.crypto.SealedColumn;
import dev.parley.platform.crypto.SecretVault;
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.arc.properties.IfBuildProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

@ApplicationScoped
class MailRepository {
    @Produces
    @IfBuildProperty(name = "parley.mail.enabled", stringValue = "true")
    static final SealedColumn CONTENT = SealedColumn.of("mail", "content");

    private static final int LONGEST_ERROR = 500;

    private final SecretVault vault;
    private final ObjectMapper json;

    MailRepository(SecretVault vault, ObjectMapper json) {
        this.vault = vault;
        this.json = json;
    }

    void insert(Handle handle, TenantId tenant, UUID id, Mail mail) {
        byte[] content = write(new Content(mail.subject(), mail.text(), mail.html(), mail.attachments()));
        handle.createUpdate("""
                        insert into app.mail (tenant_id, id, recipient, content)
                        values (:tenant, :id, :recipient, :content)
                        """)
                .bind("tenant", tenant.value())
                .bind("id", id)
                .bind("recipient", mail.to())
                .bind("content", vault.encrypt(handle, tenant, CONTENT, id, content))
                .execute();
    }

    List<Instant> lately(Handle handle, String recipient, Duration time) {
        return handle.createQuery("""
                        select created_at from app.mail where tenant_id = app.tenant() and recipient = :recipient
                          and created_at > now() - make_interval(secs => :time)
                        order by created_at desc
                        """)
                .bind("recipient", recipient)
                .bind("time", (double) time.toSeconds())
                .map((row, context) ->
                        row.getObject("created_at", OffsetDateTime.class).toInstant())
                .list();
    }

    /** Takes mails that are due, which nobody else takes until the lease is over; needs the relay role. */
    List<Claim> claim(Handle handle, int limit, Duration lease) {
        return handle.createQuery("""
                        with due as (
                          select tenant_id, id from app.mail where status = 'waiting' and due_at <= now()
                          order by due_at limit :limit for update skip locked)
                        update app.mail m set due_at = now() + make_interval(secs => :lease), attempts = m.attempts + 1,
                          updated_at = now()
                        from due where m.tenant_id = due.tenant_id and m.id = due.id
                        returning m.tenant_id, m.id, m.attempts
                        """)
                .bind("limit", limit)
                .bind("lease", (double) lease.toSeconds())
                .map((row, context) -> new Claim(
                        new TenantId(row.getObject("tenant_id", UUID.class)),
                        row.getObject("id", UUID.class),
                        row.getInt("attempts")))
                .list();
    }

    /** What a claimed mail says; empty when somebody else has sent it since. */
    Optional<Mail> read(Handle handle, Claim claim) {
        return handle.createQuery("""
                        select recipient, content from app.mail
                        where tenant_id = app.tenant() and id = :id and status = 'waiting'
                        """)
                .bind("id", claim.id())
                .map((row, context) -> mail(
                        row.getString("recipient"),
                        vault.decrypt(handle, claim.tenant(), CONTENT, claim.id(), row.getBytes("content"))))
                .findOne();
    }

    /** Ends a mail as sent or dead; its content is gone, and of a mail of the platform the address too. */
    void end(Handle handle, UUID id, String status, @Nullable String error) {
        handle.createUpdate("""
                        update app.mail set status = :status, content = null, updated_at = now(),
                          last_error = case when tenant_id <> :platform then :error end,
                          recipient = case when tenant_id <> :platform then recipient else '' end
                        where tenant_id = app.tenant() and id = :id
                        """)
                .bind("id", id)
                .bind("status", status)
                .bind("platform", TenantId.PLATFORM.value())
                .bind("error", shortened(error))
                .execute();
    }

    /** Lets a mail wait for its next try. */
    void postpone(Handle handle, UUID id, Duration pause, String error) {
        handle.createUpdate("""
                        update app.mail set due_at = now() + make_interval(secs => :pause), last_error = :error,
                          updated_at = now()
                        where tenant_id = app.tenant() and id = :id and status = 'waiting'
                        """)
                .bind("id", id)
                .bind("pause", (double) pause.toSeconds())
                .bind("error", shortened(error))
                .execute();
    }

    /** Forgets mails that ended some days ago; needs the relay role. */
    void purge(Handle handle, Duration age) {
        handle.createUpdate("""
                        delete from app.mail where status <> 'waiting' and updated_at < now() - make_interval(secs => :age)
                        """).bind("age", (double) age.toSeconds()).execute();
    }

    private static @Nullable String shortened(@Nullable String error) {
        return error == null || error.length() <= LONGEST_ERROR ? error : error.substring(0, LONGEST_ERROR);
    }

    private byte[] write(Content content) {
        try {
            return json.writeValueAsBytes(content);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private Mail mail(String recipient, byte[] bytes) {
        try {
            Content content = json.readValue(bytes, Content.class);
            List<Mail.Attachment> attachments = content.attachments();
            return new Mail(
                    recipient,
                    content.subject(),
                    content.text(),
                    content.html(),
                    attachments == null ? List.of() : attachments);
        } catch (IOException malformed) {
            throw new UncheckedIOException(malformed);
        }
    }

    record Claim(TenantId tenant, UUID id, int attempts) {}

    @RegisterForReflection
    record Content(
            String subject,
            String text,
            String html,
            @Nullable List<Mail.Attachment> attachments) {}
}
