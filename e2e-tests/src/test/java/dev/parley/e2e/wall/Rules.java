package dev.parley.e2e.wall;

import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;

/** Which answers leave the wall standing: one rule per line, the first that fits counts. */
final class Rules {
    private static final List<Rule> RULES = List.of(
            rule("a public operation answers anybody", call -> call.operation().isPublic(), Rules::noFailure),
            rule("who is nobody is 401", call -> call.caller().standing() == Principal.Standing.UNKNOWN, is(401)),
            rule("a context that we did not sign is 401", call -> call.attack() == Attack.OWN_CONTEXT, is(401)),
            rule(
                    "a suspended tenant is 403",
                    call -> call.caller().standing() == Principal.Standing.LOCKED_OUT,
                    is(403)),
            rule("another's tenant in X-Tenant-ID is 403", call -> call.attack() == Attack.TENANT_HEADER, is(403)),
            rule("a missing role is 403", call -> !call.operation().allows(call.caller()), is(403)),
            rule("staff without a reason are refused", Rules::staffWithoutReason, is(400, 403, 422)),
            rule(
                    "a foreign id is 404",
                    call -> call.attack() == Attack.PATH || call.attack() == Attack.NOBODY,
                    is(404, 403)),
            rule(
                    "a foreign id in path and query is refused",
                    call -> call.attack() == Attack.QUERY && Attacks.hasOwnedPath(call.operation()),
                    is(400, 403, 404, 422)),
            rule("an unknown member is 400", call -> call.attack() == Attack.BODY_MEMBER, is(400)),
            rule(
                    "a foreign id in the body is refused",
                    call -> call.attack() == Attack.BODY_ID,
                    is(400, 403, 404, 409, 422)),
            rule("one's own is one's own", call -> true, Rules::noFailure));

    private Rules() {}

    /** One request of a stranger. */
    record Call(Operation operation, Principal caller, Attack attack) {}

    /** What a call may be answered with, and why. */
    record Rule(String sentence, java.util.function.Predicate<Call> fits, IntPredicate allowed) {}

    static Rule of(Call call) {
        return RULES.stream().filter(rule -> rule.fits().test(call)).findFirst().orElseThrow();
    }

    static List<String> sentences() {
        return RULES.stream().map(Rule::sentence).toList();
    }

    /** Why the status breaks the rule, if it does. */
    static Optional<String> broken(Call call, int status) {
        Rule rule = of(call);
        return rule.allowed().test(status)
                ? Optional.empty()
                : Optional.of("%s %s: %s answered %d, but %s"
                        .formatted(
                                call.caller().name(), call.attack().what(), call.operation(), status, rule.sentence()));
    }

    private static Rule rule(String sentence, java.util.function.Predicate<Call> fits, IntPredicate allowed) {
        return new Rule(sentence, fits, allowed);
    }

    private static boolean staffWithoutReason(Call call) {
        return call.caller().standing() == Principal.Standing.STAFF
                && call.operation().needsReason();
    }

    private static IntPredicate is(int... statuses) {
        return status -> java.util.Arrays.stream(statuses).anyMatch(allowed -> allowed == status);
    }

    private static boolean noFailure(int status) {
        return status < 500 && status != 429;
    }
}
