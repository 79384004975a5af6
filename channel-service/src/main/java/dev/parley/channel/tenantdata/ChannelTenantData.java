package dev.parley.channel.tenantdata;

import dev.parley.channel.account.AccountFarewellFlow;
import dev.parley.channel.media.MediaService;
import dev.parley.platform.data.Database;
import dev.parley.platform.lifecycle.TenantData;
import dev.parley.platform.lifecycle.TenantTable;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Conversations with all that belongs to them, and the accounts at messengers. */
@ApplicationScoped
class ChannelTenantData implements TenantData {
    private static final String CONVERSATIONS = "conversations";
    // What refers to a message ends with it, whatever its own age is.
    private static final String OF_AGED_MESSAGE =
            "message_id in (select id from app.message where tenant_id = app.tenant() and created_at < :cutoff)";
    // Whom the tenant added itself it keeps, and who asked to be sent nothing more must not be forgotten.
    private static final String AGED_CONTACT = """
            updated_at < :cutoff and created_by = 'messenger' and opted_out_at is null and not exists (select 1 from app.conversation c
              where c.tenant_id = app.tenant() and c.contact_id = contact.id) and not exists (select 1 from app.push_device d
              where d.tenant_id = app.tenant() and d.contact_id = contact.id)
            """;
    private static final String AGED_IDENTITY =
            "contact_id in (select id from app.contact contact where tenant_id = app.tenant() and " + AGED_CONTACT
                    + ")";
    // Of those who asked for silence it stays known who they are to the messenger, and nothing else.
    private static final String SILENT_CONTACT = """
            updated_at < :cutoff and created_by = 'messenger' and opted_out_at is not null and not exists (select 1 from app.conversation c
              where c.tenant_id = app.tenant() and c.contact_id = contact.id)
            """;
    private static final String AGED_CONVERSATION = """
            updated_at < :cutoff and not exists (select 1 from app.message m
              where m.tenant_id = app.tenant() and m.conversation_id = conversation.id)
            """;
    private static final List<TenantTable> TABLES = List.of(
            TenantTable.named("draft")
                    .exported("drafts", "id", """
                id, conversation_id, operation_id, message_id, agent, channel, state, original, text, version, edited_by,
                edited_at, sampled, prompt_version, prompt_version_id, finish_reason, decided_by, decided_at, reason, superseded_by,
                expires_at, created_at, updated_at
                """)
                    .retained(CONVERSATIONS, "created_at < :cutoff or " + OF_AGED_MESSAGE),
            TenantTable.named("review_rule")
                    .exported("review-rules", "agent, channel", """
                            agent, channel, mode, threshold, sample_size, sample_one_in, changed_by, created_by, created_at,
                            updated_at
                            """)
                    .notRetained("configuration: it lives until the rule is removed"),
            TenantTable.named("contact_setting")
                    .exported(
                            "contact-settings",
                            "created_at",
                            "default_region, changed_by, created_by, created_at, updated_at")
                    .notRetained("configuration: it lives until it is changed"),
            TenantTable.named("send_intent").exported("deliveries", "id", """
                id, conversation_id, channel_account_id, message_id, part_no, parts, part, purpose, state,
                attempts, delivery, delivery_at, delivery_error,
                provider_message_id, last_error, created_at, updated_at
                """).retained(CONVERSATIONS, OF_AGED_MESSAGE),
            TenantTable.named("operation").exported("operations", "id", """
                id, conversation_id, message_id, channel, agent, user_id, state, merged_into, problem_code,
                provider, model, reply_id, credits, input_tokens, output_tokens, created_by, created_at, finished_at
                """).retained(CONVERSATIONS, OF_AGED_MESSAGE),
            TenantTable.named("otp")
                    .exported("one-time-codes", "id", """
                            id, channel_account_id, conversation_id, operation_id, recipient, purpose, reference, tries,
                            state, expires_at, approved_at, created_by, created_at, updated_at
                            """)
                    .retained(CONVERSATIONS, "created_at < :cutoff"),
            TenantTable.named("staff_charge")
                    .notExported("prices that are about to be booked; the usage is exported")
                    .notRetained("deleted when they are booked"),
            TenantTable.named("stream_event")
                    .notExported("copies of events about messages, for minutes")
                    .notRetained("forgotten after minutes"),
            TenantTable.named("stream_mark")
                    .notExported("up to where those are forgotten")
                    .notRetained("one row: a place, and nothing of what happened there"),
            TenantTable.named("media")
                    .exported("media", "id", """
                            id, state, media_type, bytes, file_name, conversation_id, message_id, last_error, created_by,
                            created_at
                            """)
                    .retained(CONVERSATIONS, "created_at < :cutoff or " + OF_AGED_MESSAGE)
                    .withFiles(MediaService.FOLDER),
            TenantTable.named("early_status")
                    .exported("early-statuses", "channel_account_id, provider_message_id", """
                            channel_account_id, provider_message_id, delivery, delivery_at, delivery_error, created_at
                            """)
                    .retained(CONVERSATIONS, "created_at < :cutoff"),
            TenantTable.named("inbound_event")
                    .exported("inbound-events", "channel_account_id, event_id", """
                            channel_account_id, event_id, kind, conversation_id, raw, duplicates, created_at
                            """)
                    .retained(CONVERSATIONS, "created_at < :cutoff"),
            TenantTable.named("push_notice")
                    .exported("push-notices", "id", """
                            id, device_id, conversation_id, message_id, state, attempts, reason, created_at, updated_at
                            """)
                    .retained(CONVERSATIONS, OF_AGED_MESSAGE),
            TenantTable.named("message")
                    .exported("messages", "id", """
                        id, conversation_id, seq, part, role, text, attachments, operation_id, client_message_id,
                        prompt_version, prompt_version_id, finish_reason, approved_by, buttons, template, delivery, cancelled_at, event_id,
                        provider_at, created_by, created_at
                        """)
                    .retained(CONVERSATIONS, "created_at < :cutoff"),
            TenantTable.named("push_device")
                    .exported("push-devices", "id", """
                            id, channel_account_id, conversation_id, contact_id, platform, language, last_seen_at,
                            created_by, created_at, updated_at
                            """)
                    .retained(
                            CONVERSATIONS,
                            "last_seen_at < :cutoff or conversation_id in (select id from app.conversation conversation"
                                    + " where tenant_id = app.tenant() and " + AGED_CONVERSATION + ")"),
            TenantTable.named("conversation")
                    .exported(CONVERSATIONS, "id", """
                id, agent, channel, channel_account_id, contact_id, recipient, owner, assigned_to, owner_until,
                handoff_reason, handoff_summary, handoff_at,
                last_inbound_at, created_by,
                created_at, updated_at
                """)
                    .retained(CONVERSATIONS, AGED_CONVERSATION),
            TenantTable.named("contact_identity")
                    .exported("contact-identities", "channel_account_id, external_id", """
                            channel_account_id, external_id, channel, contact_id, display_name, username, language,
                            created_at, updated_at
                            """)
                    .retained(CONVERSATIONS, AGED_IDENTITY)
                    .emptied(
                            "display_name = null, username = null, language = null",
                            "num_nonnulls(display_name, username, language) > 0 and contact_id in (select id from app.contact"
                                    + " contact where tenant_id = app.tenant() and " + SILENT_CONTACT + ")"),
            TenantTable.named("contact")
                    .exported("contacts", "id", """
                            id, display_name, phone, phone_raw, email, fields, language, time_zone, consented_at,
                            consent_source, opted_out_at, opt_out_message, opt_out_word, merged_into, created_by,
                            created_at, updated_at
                            """)
                    .retained(CONVERSATIONS, AGED_CONTACT)
                    .emptied(
                            "display_name = null, email = null, fields = '{}', language = null, time_zone = null",
                            "(num_nonnulls(display_name, email, language, time_zone) > 0 or fields <> '{}') and "
                                    + SILENT_CONTACT),
            TenantTable.named("channel_pace")
                    .notExported("how far the channel's sends have come in its vendor's allowance")
                    .notRetained("one row of each channel, which its next send moves"),
            TenantTable.named("channel_trouble")
                    .notExported("what a vendor complains of at present")
                    .notRetained("ends when the vendor takes something again"),
            TenantTable.named("channel_account")
                    .exported("channels", "id", """
                            id, type, name, agent, status, external_id, display_name, signature_mode, created_by,
                            created_at, updated_at, deleted_at
                            """)
                    .notRetained("configuration: it lives until the channel is disconnected"),
            TenantTable.named("webhook_delivery")
                    .exported("webhook-deliveries", "endpoint_id, event_id", """
                            endpoint_id, event_id, type, payload, state, tries, attempts, created_at, updated_at
                            """)
                    .retained("events", "created_at < :cutoff"),
            TenantTable.named("webhook_queue")
                    .notExported("when what is sent next; the endpoints and deliveries are")
                    .notRetained("one row for each endpoint, for as long as that"),
            TenantTable.named("webhook_endpoint")
                    .exported("webhook-endpoints", "id", """
                            id, url, description, events, fifo, concurrency, status, disabled_reason, disabled_at, created_by,
                            created_at, updated_at, deleted_at
                            """)
                    .notRetained("configuration: it lives until the endpoint is deleted"));

    private final AccountFarewellFlow accounts;
    private final MediaService media;

    ChannelTenantData(AccountFarewellFlow accounts, MediaService media) {
        this.accounts = accounts;
        this.media = media;
    }

    @Override
    public List<TenantTable> tables() {
        return TABLES;
    }

    @Override
    public Optional<InputStream> file(TenantId tenant, TenantTable table, UUID id) {
        return media.file(tenant, id);
    }

    /** Messengers are told to send nothing more. */
    @Override
    public void leave(TenantId tenant, Database database) {
        accounts.disconnectAll(tenant);
    }
}
