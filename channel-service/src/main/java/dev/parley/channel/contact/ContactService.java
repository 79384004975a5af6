package dev.parley.channel.contact;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.platform.audit.Audit;
import dev.parley.platform.audit.AuditEntry;
import dev.parley.platform.data.Database;
import dev.parley.platform.id.Ids;
import dev.parley.platform.paging.Cursor;
import dev.parley.platform.paging.Page;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.problem.ProblemCompletion;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Keeps a tenant's contacts: made by their first message or by hand, changed, and merged when two are one person. */
@ApplicationScoped
class ContactService {
    private static final String RESOURCE = "contact";
    private static final int MOST_LOOKS = 5;

    private final Database database;
    private final ContactRepository repository;
    private final OptOutService optOuts;
    private final Audit audit;
    private final ObjectMapper json;
    private final Regions regions;
    private final Clock clock;

    ContactService(
            Database database,
            ContactRepository repository,
            OptOutService optOuts,
            Audit audit,
            ObjectMapper json,
            Regions regions,
            Clock clock) {
        this.database = database;
        this.repository = repository;
        this.optOuts = optOuts;
        this.audit = audit;
        this.json = json;
        this.regions = regions;
        this.clock = clock;
    }

    /** The contacts, latest first; of one phone number when one is named. */
    Page<ContactResponse> list(
            TenantId tenant, @Nullable String phone, @Nullable String cursor, @Nullable Integer limit) {
        UUID after = Cursor.decodeId(cursor);
        int size = Cursor.limit(limit);
        // A number that is none is nobody's: it is compared as it was written.
        List<ContactResponse> rows = database.inTenant(tenant, handle -> {
            String number = phone == null
                    ? null
                    : PhoneNumbers.e164(phone, region(handle, tenant)).orElse(phone.replace("\0", ""));
            return repository.list(handle, tenant, number, after, size + 1);
        });
        return Page.of(rows, size, row -> row.id().toString());
    }

    /** A contact; 404 when the tenant has none of that id. */
    ContactResponse get(TenantId tenant, UUID id) {
        return database.inTenant(tenant, handle -> existing(handle, tenant, id));
    }

    /** Adds a contact; 409 when somebody else has the phone number. */
    ContactResponse add(Caller caller, ContactRequest request) {
        TenantId tenant = caller.tenant();
        Instant now = clock.instant();
        ContactResponse empty = new ContactResponse(
                Ids.next(),
                null,
                null,
                null,
                null,
                json.createObjectNode(),
                null,
                null,
                null,
                null,
                false,
                null,
                null,
                List.of(),
                now,
                now);
        return database.inTenant(tenant, handle -> {
            ContactResponse wanted = changed(handle, tenant, empty, request);
            demandFree(handle, tenant, wanted);
            repository.save(handle, tenant, wanted, caller.actor());
            optOuts.changed(handle, tenant, empty, wanted);
            record(handle, caller, "contact.create", wanted.id(), null, Map.of());
            return existing(handle, tenant, wanted.id());
        });
    }

    /** Changes a contact. The audit trail tells which members changed, and no values: they are a person's. */
    ContactResponse change(Caller caller, UUID id, ContactRequest request) {
        TenantId tenant = caller.tenant();
        return database.inTenant(tenant, handle -> {
            UUID person = locked(handle, tenant, id);
            ContactResponse before = existing(handle, tenant, person);
            ContactResponse after = changed(handle, tenant, before, request);
            demandFree(handle, tenant, after);
            repository.save(handle, tenant, after, caller.actor());
            if (after.optedOut() && !before.optedOut()) {
                repository.endPlanned(handle, tenant, person);
            }
            optOuts.changed(handle, tenant, before, after);
            record(handle, caller, "contact.change", person, Map.of(), Map.of("changed", differences(before, after)));
            return existing(handle, tenant, person);
        });
    }

    /** Makes two contacts one: what the other one lacks it gets, and who opted out once stays so. */
    ContactResponse merge(Caller caller, UUID id, UUID into) {
        TenantId tenant = caller.tenant();
        return database.inTenant(tenant, handle -> {
            UUID from = existing(handle, tenant, id).id();
            UUID target = existing(handle, tenant, into).id();
            if (from.equals(target)) {
                throw new Problem(ContactProblem.CONTACT_MERGED_INTO_ITSELF)
                        .with("errors", ProblemCompletion.error("/into", "is this contact"));
            }
            if (repository.lock(handle, tenant, from, target).size() != 2) {
                throw new Problem(CommonProblem.NOT_FOUND);
            }
            ContactResponse before = existing(handle, tenant, target);
            ContactResponse joined = joined(before, existing(handle, tenant, from));
            int identities = repository.moveIdentities(handle, tenant, from, target);
            repository.moveDevices(handle, tenant, from, target);
            int conversations = repository.moveConversations(handle, tenant, from, target);
            repository.keepOptOut(handle, tenant, from, target);
            repository.signpost(handle, tenant, from, target);
            repository.save(handle, tenant, joined, caller.actor());
            if (joined.optedOut()) {
                repository.endPlanned(handle, tenant, target);
            }
            optOuts.changed(handle, tenant, before, joined);
            record(
                    handle,
                    caller,
                    "contact.merge",
                    from,
                    null,
                    Map.of("into", target, "identities", identities, "conversations", conversations));
            return existing(handle, tenant, target);
        });
    }

    /** The person that an id stands for, locked: one that was merged while this waited is looked for again. */
    private UUID locked(Handle handle, TenantId tenant, UUID id) {
        for (int look = 0; look < MOST_LOOKS; look++) {
            UUID person = existing(handle, tenant, id).id();
            if (!repository.lock(handle, tenant, person).isEmpty()) {
                return person;
            }
        }
        throw new Problem(CommonProblem.NOT_FOUND);
    }

    private ContactResponse existing(Handle handle, TenantId tenant, UUID id) {
        return repository.find(handle, tenant, id).orElseThrow(() -> new Problem(CommonProblem.NOT_FOUND));
    }

    /** The unique index is the guard; this look before it is the answer that people can act on. */
    private void demandFree(Handle handle, TenantId tenant, ContactResponse wanted) {
        if (wanted.phone() == null) {
            return;
        }
        repository
                .withPhone(handle, tenant, wanted.phone())
                .filter(owner -> !owner.equals(wanted.id()))
                .ifPresent(owner -> {
                    throw new Problem(ContactProblem.CONTACT_PHONE_TAKEN)
                            .detail("Merge the two contacts if they are one person.")
                            .with("contact_id", owner);
                });
    }

    private void record(
            Handle handle, Caller caller, String action, UUID id, @Nullable Object before, Map<String, Object> after) {
        audit.record(
                handle, caller, caller.tenant(), new AuditEntry(action, RESOURCE, id.toString(), before, after, null));
    }

    private ContactResponse changed(Handle handle, TenantId tenant, ContactResponse before, ContactRequest request) {
        String raw = request.phone() == null ? before.phoneRaw() : emptied(request.phone());
        String phone = request.phone() == null ? before.phone() : number(handle, tenant, raw, request.phoneRegion());
        boolean consents = Boolean.TRUE.equals(request.consent());
        boolean refuses = Boolean.FALSE.equals(request.consent());
        boolean out = request.optedOut() == null ? before.optedOut() : request.optedOut();
        if (before.optedOut() && !out && !(consents && isSaid(request.consentSource()))) {
            throw new Problem(CommonProblem.VALIDATION_FAILED)
                    .with("errors", ProblemCompletion.error("/opted_out", "needs consent and consent_source"));
        }
        Instant now = clock.instant();
        return new ContactResponse(
                before.id(),
                either(request.displayName(), before.displayName()),
                phone,
                raw,
                either(request.email(), before.email()),
                request.fields() == null ? before.fields() : json.valueToTree(request.fields()),
                either(request.language(), before.language()),
                either(request.timeZone(), before.timeZone()),
                out || refuses ? null : consents ? now : before.consentedAt(),
                out || refuses ? null : either(request.consentSource(), before.consentSource()),
                out,
                out ? before.optedOut() ? before.optedOutAt() : now : null,
                out ? before.optOutWord() : null,
                before.identities(),
                before.createdAt(),
                now);
    }

    private static boolean isSaid(@Nullable String text) {
        return text != null && !text.isBlank();
    }

    private @Nullable String number(Handle handle, TenantId tenant, @Nullable String raw, @Nullable String region) {
        if (raw == null) {
            return null;
        }
        return PhoneNumbers.e164(raw, region == null ? region(handle, tenant) : region)
                .orElseThrow(() -> new Problem(CommonProblem.VALIDATION_FAILED)
                        .with("errors", ProblemCompletion.error("/phone", "is not a phone number")));
    }

    /** Where a number without its country is from: as the tenant says, or where one of its own numbers is. */
    private String region(Handle handle, TenantId tenant) {
        return regions.own(tenant)
                .or(() -> repository.accountNames(handle, tenant).stream()
                        .flatMap(name -> PhoneNumbers.region(name).stream())
                        .findFirst())
                .orElseGet(() -> regions.of(tenant));
    }

    private ContactResponse joined(ContactResponse target, ContactResponse from) {
        ObjectNode fields = from.fields().deepCopy();
        fields.setAll((ObjectNode) target.fields());
        boolean ownPhone = target.phone() != null;
        boolean firstOut = target.optedOut();
        boolean out = firstOut || from.optedOut();
        return new ContactResponse(
                target.id(),
                or(target.displayName(), from.displayName()),
                ownPhone ? target.phone() : from.phone(),
                ownPhone ? target.phoneRaw() : from.phoneRaw(),
                or(target.email(), from.email()),
                fields,
                or(target.language(), from.language()),
                or(target.timeZone(), from.timeZone()),
                out ? null : target.consentedAt() == null ? from.consentedAt() : target.consentedAt(),
                out ? null : target.consentedAt() == null ? from.consentSource() : target.consentSource(),
                out,
                firstOut ? target.optedOutAt() : from.optedOutAt(),
                firstOut ? target.optOutWord() : from.optOutWord(),
                target.identities(),
                target.createdAt(),
                target.updatedAt());
    }

    private static List<String> differences(ContactResponse before, ContactResponse after) {
        TreeSet<String> names = new TreeSet<>();
        Map<String, List<@Nullable Object>> members = Map.of(
                "display_name", pair(before.displayName(), after.displayName()),
                "phone", pair(before.phone(), after.phone()),
                "email", pair(before.email(), after.email()),
                "fields", pair(before.fields(), after.fields()),
                "language", pair(before.language(), after.language()),
                "time_zone", pair(before.timeZone(), after.timeZone()),
                "consent", pair(before.consentedAt(), after.consentedAt()),
                "opted_out", pair(before.optedOut(), after.optedOut()));
        members.forEach((name, values) -> {
            if (!Objects.equals(values.get(0), values.get(1))) {
                names.add(name);
            }
        });
        return List.copyOf(names);
    }

    private static List<@Nullable Object> pair(@Nullable Object before, @Nullable Object after) {
        return java.util.Arrays.asList(before, after);
    }

    private static @Nullable String either(@Nullable String asked, @Nullable String before) {
        return asked == null ? before : emptied(asked);
    }

    private static @Nullable String emptied(String text) {
        return text.isBlank() ? null : text.strip();
    }

    private static @Nullable String or(@Nullable String first, @Nullable String second) {
        return first == null ? second : first;
    }
}
