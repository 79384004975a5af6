package dev.parley.agent.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.agent.provider.LlmMessage;
import dev.parley.agent.provider.LlmRequest;
import dev.parley.platform.crypto.SealedColumn;
import dev.parley.platform.crypto.SecretVault;
import dev.parley.platform.crypto.Sha256;
import dev.parley.platform.data.Database;
import dev.parley.platform.id.Ids;
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Gives the same answer to the same question, where a tenant wants that. The same is: prompt version, model, parameters
 * and the whole context, but for letter case and spaces in what the user wrote. Never where functions are in play.
 */
@ApplicationScoped
class KeptAnswers {
    private static final Logger LOG = Logger.getLogger(KeptAnswers.class);

    @Produces
    static final SealedColumn ANSWER = SealedColumn.of("kept_answer", "answer");

    private final Database database;
    private final KeptAnswerRepository answers;
    private final SecretVault vault;
    private final ObjectMapper json;
    private final Clock clock;

    KeptAnswers(Database database, KeptAnswerRepository answers, SecretVault vault, ObjectMapper json, Clock clock) {
        this.database = database;
        this.answers = answers;
        this.vault = vault;
        this.json = json;
        this.clock = clock;
    }

    /** An answer as it was given. */
    @RegisterForReflection
    record Answer(String text, String finishReason, String provider, String model, String keyOwner) {}

    /** The answer to the same question, if there is one that is young enough and can be read. */
    Optional<Answer> find(TenantId tenant, RunPlan plan) {
        if (!isKept(plan)) {
            return Optional.empty();
        }
        byte[] question = question(plan);
        try {
            return database.inTenant(tenant, handle -> answers.find(handle, tenant, question, clock.instant())
                    .map(row -> read(vault.decrypt(handle, tenant, ANSWER, row.id(), row.answer()))));
        } catch (RuntimeException unreadable) {
            LOG.warn("a kept answer could not be read", unreadable);
            return Optional.empty();
        }
    }

    /** Keeps an answer; a failure to do so is nobody's concern. */
    void keep(TenantId tenant, RunPlan plan, RunResult result) {
        if (!isKept(plan) || result.cached() || !result.finishReason().equals("stop")) {
            return;
        }
        Answer answer =
                new Answer(result.text(), result.finishReason(), result.provider(), result.model(), result.keyOwner());
        try {
            byte[] plain = json.writeValueAsBytes(answer);
            database.useTenant(tenant, handle -> {
                UUID id = Ids.next();
                byte[] sealed = vault.encrypt(handle, tenant, ANSWER, id, plain);
                answers.put(handle, tenant, id, question(plan), sealed, clock.instant(), plan.answersKept());
            });
        } catch (JsonProcessingException | RuntimeException unreachable) {
            LOG.warn("an answer was not kept", unreachable);
        }
    }

    private static boolean isKept(RunPlan plan) {
        return plan.answersKept() != null
                && plan.ask().tools().isEmpty()
                && plan.granted().isEmpty();
    }

    private Answer read(byte[] stored) {
        try {
            return json.readValue(stored, Answer.class);
        } catch (IOException corrupt) {
            throw new UncheckedIOException(corrupt);
        }
    }

    private static byte[] question(RunPlan plan) {
        LlmRequest ask = plan.ask();
        MessageDigest digest = Sha256.start();
        add(digest, String.valueOf(plan.promptVersionId()));
        add(digest, plan.endpoint().name());
        add(digest, String.valueOf(ask.model()));
        add(digest, String.valueOf(ask.temperature()));
        add(digest, String.valueOf(ask.maxTokens()));
        add(digest, String.valueOf(ask.stop()));
        add(digest, String.valueOf(ask.format()));
        for (LlmMessage message : ask.messages()) {
            add(digest, message.role().wireName());
            for (LlmMessage.Part part : message.parts()) {
                add(
                        digest,
                        part instanceof LlmMessage.Text(String text) && message.role() == LlmMessage.Role.USER
                                ? text.strip().replaceAll("\\s+", " ").toLowerCase(Locale.ROOT)
                                : part.toString());
            }
        }
        return digest.digest();
    }

    /** With its length before it, so that no two lists of texts look alike. */
    private static void add(MessageDigest digest, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
        digest.update(bytes);
    }
}
