package dev.parley.e2e.wall;

import dev.parley.e2e.wall.Operation.Parameter;
import dev.parley.e2e.wall.Principal.Standing;
import dev.parley.e2e.wall.Rules.Call;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Turns every operation of the contract into the requests that a stranger would try. */
final class Attacks {
    private static final Map<String, Object> NOT_FOR_CLIENTS = Map.of(
            "tenant_id", "00000000-0000-7000-8000-000000000000",
            "role", "owner",
            "credits", 1_000_000,
            "plan", "enterprise",
            "created_at", "2020-01-01T00:00:00Z");

    private final Household a;
    private final Strangers strangers;
    private final String ownContext;

    Attacks(Household a, Strangers strangers) {
        this.a = a;
        this.strangers = strangers;
        this.ownContext = ContextForgery.forTenant(a.tenantId());
    }

    /** Requests that change nothing of the stranger's own, whatever the answer: they may run at the same time. */
    List<Attempt> harmless(Operation operation) {
        List<Attempt> attempts = new ArrayList<>();
        for (Principal caller : strangers.all()) {
            if (hasOwnedPath(operation)) {
                if (!worksForStaff(operation, caller)) {
                    attempts.add(attempt(operation, caller, Attack.PATH, a.path(operation), body(operation, caller)));
                    attempts.add(attempt(
                            operation,
                            caller,
                            Attack.NOBODY,
                            Household.pathOfNobody(operation),
                            body(operation, caller)));
                }
            } else if (operation.isSafe() || !operation.isPublic() && !operation.allows(caller)) {
                attempts.add(attempt(operation, caller, Attack.PLAIN, own(operation), body(operation, caller)));
            }
        }
        attempts.add(new Attempt(
                call(
                        operation,
                        Principal.unknown("own context", dev.parley.e2e.support.Api.anonymous()),
                        Attack.OWN_CONTEXT),
                hasOwnedPath(operation) ? a.path(operation) : own(operation),
                Map.of("Authorization", "Bearer " + ownContext),
                body(operation, strangers.owner())));
        for (Principal caller : strangers.known()) {
            if (!operation.isPublic() && caller.standing() != Standing.LOCKED_OUT) {
                attempts.add(new Attempt(
                        call(operation, caller, Attack.TENANT_HEADER),
                        hasOwnedPath(operation) ? a.path(operation) : own(operation),
                        Map.of("X-Tenant-ID", a.tenantId()),
                        body(operation, caller)));
            }
        }
        if (operation.isSafe()) {
            attempts.addAll(withQuery(operation));
            attempts.addAll(withIdentityHeaders(operation));
        }
        attempts.addAll(withMembers(operation));
        return attempts;
    }

    /** Requests of B's owner that may change B itself: they run one after another. */
    List<Attempt> changing(Operation operation, Principal owner, Household b) {
        List<Attempt> attempts = new ArrayList<>();
        if (operation.isSafe() || operation.isPublic() || !operation.allows(owner)) {
            return attempts;
        }
        foreignIds(operation, b)
                .forEach(body -> attempts.add(attempt(operation, owner, Attack.BODY_ID, b.path(operation), body)));
        String key = a.idempotencyKeys().get(operation.path());
        if (key != null) {
            attempts.add(new Attempt(
                    call(operation, owner, Attack.IDEMPOTENCY_KEY),
                    b.path(operation),
                    Map.of("Idempotency-Key", key),
                    body(operation, owner)));
        }
        if (!hasOwnedPath(operation)) {
            attempts.add(attempt(operation, owner, Attack.PLAIN, own(operation), body(operation, owner)));
        }
        return attempts;
    }

    /** Staff may do this in the course of their work, and must not do it to A during the test. */
    static boolean worksForStaff(Operation operation, Principal caller) {
        return caller.standing() == Standing.STAFF && operation.forStaff() && !operation.needsReason();
    }

    static boolean hasOwnedPath(Operation operation) {
        return operation.inPath().stream().anyMatch(Household::isOwned);
    }

    private List<Attempt> withQuery(Operation operation) {
        List<Attempt> attempts = new ArrayList<>();
        for (Principal caller : strangers.known()) {
            if (operation.allows(caller) && caller.standing() != Standing.STAFF) {
                for (Parameter parameter : operation.inQuery()) {
                    for (String value : valuesOf(operation, parameter)) {
                        String path = Household.withQuery(
                                hasOwnedPath(operation) ? a.path(operation) : own(operation), parameter.name(), value);
                        attempts.add(attempt(operation, caller, Attack.QUERY, path, null));
                    }
                }
            }
        }
        return attempts;
    }

    /** A's ids and words, and for a cursor the place after A's first item. */
    private Stream<String> foreign(Operation operation, Parameter parameter) {
        if (parameter.name().equals("cursor")) {
            String next = a.owner()
                    .get(Household.withQuery(a.path(operation), "limit", "1"))
                    .text("next_cursor");
            return Stream.of(next, a.tenantId()).filter(cursor -> !cursor.isEmpty() && !cursor.equals("null"));
        }
        return Stream.of(a.tenantId(), a.id("/api/v1/members"), a.canary(), "' or tenant_id = '" + a.tenantId());
    }

    private List<String> valuesOf(Operation operation, Parameter parameter) {
        boolean text = parameter.schema().path("type").asText().equals("string");
        return text ? foreign(operation, parameter).toList() : List.of();
    }

    private List<Attempt> withIdentityHeaders(Operation operation) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("X-Operation-Id", a.id("/api/v1/operations"));
        headers.put("X-Request-Id", a.id("/api/v1/operations"));
        headers.put("X-Parley-Tenant", a.tenantId());
        headers.put("X-Parley-Context", ownContext);
        headers.put("X-Forwarded-User", a.id("/api/v1/members"));
        headers.put("X-Original-URL", "/internal/operations/" + a.id("/api/v1/operations"));
        headers.put("X-Forwarded-Prefix", "/internal");
        headers.put("ce_tenantid", a.tenantId());
        headers.put("baggage", "tenant_id=" + a.tenantId());
        return hasOwnedPath(operation)
                ? List.of()
                : strangers.known().stream()
                        .filter(caller -> !worksForStaff(operation, caller))
                        .map(caller -> new Attempt(
                                call(operation, caller, Attack.IDENTITY_HEADERS), own(operation), headers, null))
                        .toList();
    }

    /** A valid body with one member more; the member is refused before anything is looked up. */
    private List<Attempt> withMembers(Operation operation) {
        List<Attempt> attempts = new ArrayList<>();
        Principal caller = operation.isPublic()
                ? Principal.unknown("anonymous", dev.parley.e2e.support.Api.anonymous())
                : strangers.owner();
        boolean closed = operation.hasBody() && !Samples.isFreeForm(operation.body()) && operation.allows(caller);
        if (closed) {
            NOT_FOR_CLIENTS.forEach((member, value) -> {
                if (!operation.body().path("properties").has(member)) {
                    Map<String, Object> body =
                            new LinkedHashMap<>(strangers.b().samples().body(operation));
                    body.put(member, member.equals("tenant_id") ? a.tenantId() : value);
                    attempts.add(attempt(
                            operation,
                            caller,
                            operation.isPublic() ? Attack.BODY_MEMBER : Attack.BODY_MEMBER,
                            strangers.b().path(operation),
                            body));
                }
            });
        }
        return attempts;
    }

    /** One valid body for each member that is an id, with A's id there. */
    private List<Map<String, Object>> foreignIds(Operation operation, Household b) {
        List<Map<String, Object>> bodies = new ArrayList<>();
        operation.body().path("properties").properties().forEach(member -> Samples.collectionOf(
                        member.getKey(), member.getValue())
                .ifPresent(collection -> {
                    Map<String, Object> body = new LinkedHashMap<>(b.samples().body(operation));
                    body.put(member.getKey(), a.id(collection));
                    bodies.add(body);
                }));
        return bodies;
    }

    /** Staff without a reason leave out the reason. */
    private Object body(Operation operation, Principal caller) {
        if (!operation.hasBody() && !operation.takesBytes()) {
            return null;
        }
        Object body = strangers.b().samples().any(operation);
        if (caller.standing() == Standing.STAFF && body instanceof Map<?, ?> members) {
            members.remove("reason");
        }
        return body;
    }

    private String own(Operation operation) {
        return strangers.b().path(operation);
    }

    private static Call call(Operation operation, Principal caller, Attack attack) {
        return new Call(operation, caller, attack);
    }

    private static Attempt attempt(Operation operation, Principal caller, Attack attack, String path, Object body) {
        return new Attempt(call(operation, caller, attack), path, body);
    }
}
