package dev.parley.e2e.wall;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.e2e.support.Api;
import dev.parley.e2e.wall.Attempt.Seen;
import dev.parley.e2e.wall.Principal.Standing;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * Every operation of the published contract is tried by everybody who is not of tenant A, with A's ids in every place
 * that takes one. No answer holds a canary or an id of A, each has the status that {@link Rules} say, and A is
 * afterwards what it was before.
 */
@Order(72)
class AttackE2E {
    private static final int AT_A_TIME = 16;

    @Test
    void nobodyGetsThroughTheWall() {
        Contract contract =
                Contract.of(Api.anonymous().get("/openapi").expect(200).body());
        List<Household> tenants = together(Stream.<java.util.function.Supplier<Household>>of(
                () -> Household.signUp(contract).seed(),
                () -> Household.signUp(contract).seed()));
        Household a = tenants.getFirst();
        Strangers strangers = Strangers.gather(contract);
        Set<String> idsOfA = new TreeSet<>(a.visibleIds());
        idsOfA.removeAll(tenants.getLast().visibleIds());
        assertThat(Control.malformed(contract, tenants.getLast()))
                .as("requests that their own tenant cannot make either, so that they prove nothing")
                .isEmpty();
        Map<String, String> before = a.views();
        Attacks attacks = new Attacks(a, strangers);

        List<Seen> seen = new ArrayList<>(together(contract.operations().stream()
                .flatMap(operation -> attacks.harmless(operation).stream())
                .map(attempt -> attempt::send)));
        seen.addAll(changing(contract, attacks, strangers));

        Set<String> secrets = new TreeSet<>(a.secrets());
        secrets.addAll(idsOfA);
        SoftAssertions.assertSoftly(softly -> {
            softly.assertThat(leaks(seen, secrets))
                    .as("answers that hold something of A")
                    .isEmpty();
            softly.assertThat(brokenRules(seen)).as("answers that break a rule").isEmpty();
            softly.assertThat(oracles(seen))
                    .as("operations that tell A's ids from nobody's")
                    .isEmpty();
            softly.assertThat(a.views()).as("what A sees").isEqualTo(before);
        });
        assertThat(asIfOneOfAWereAStranger(contract, a, secrets))
                .as("reads of A's own owner in which a stranger would not have been noticed")
                .isEmpty();
        new AttackReport(contract, a, strangers, seen).write();
    }

    /** The suite sees a hole when there is one: A's own owner, taken for a stranger, breaks a rule with every read. */
    private static List<String> asIfOneOfAWereAStranger(Contract contract, Household a, Set<String> secrets) {
        Principal insider = new Principal("A itself", a.owner(), Standing.OF_A_TENANT, Principal.OWNER_ROLES);
        List<Seen> seen = contract.operations().stream()
                .filter(one -> one.isSafe() && !one.isPublic() && !one.forStaff() && Attacks.hasOwnedPath(one))
                .map(one -> new Attempt(new Rules.Call(one, insider, Attack.PATH), a.path(one), null).send())
                .toList();
        assertThat(leaks(seen, secrets)).isNotEmpty();
        return seen.stream()
                .filter(one -> brokenRules(List.of(one)).isEmpty())
                .map(one -> one.attempt().call().operation() + " answered "
                        + one.answer().status())
                .toList();
    }

    /** Changes of B by its own owner; when one has cost the owner its access, the next is tried by a new one. */
    private static List<Seen> changing(Contract contract, Attacks attacks, Strangers strangers) {
        List<Seen> seen = new ArrayList<>();
        Household b = strangers.b();
        for (Operation operation : contract.operations()) {
            for (Attempt attempt : attacks.changing(operation, strangers.owner(), b)) {
                Seen one = by(b, attempt).send();
                if (hasLostAccess(one)) {
                    b = Household.signUp(contract).borrowing(strangers.b());
                    one = by(b, attempt).send();
                }
                seen.add(one);
                if (concernsAll(one)) {
                    b = Household.signUp(contract).borrowing(strangers.b());
                }
            }
        }
        return seen;
    }

    /** Whether a change was made that ends something of the whole tenant or person, now or a little later. */
    private static boolean concernsAll(Seen one) {
        Operation operation = one.attempt().call().operation();
        boolean ended = operation.method().equals("DELETE") && !Attacks.hasOwnedPath(operation);
        return one.answer().status() == 202 || ended && one.answer().status() < 300;
    }

    private static Attempt by(Household b, Attempt attempt) {
        Principal owner = new Principal("owner of B", b.owner(), Standing.OF_A_TENANT, Principal.OWNER_ROLES);
        Rules.Call call =
                new Rules.Call(attempt.call().operation(), owner, attempt.call().attack());
        return new Attempt(call, attempt.path(), attempt.headers(), attempt.body());
    }

    /** Whether a change before this one has ended the owner's session or tenant: within two seconds, not at once. */
    private static boolean hasLostAccess(Seen one) {
        return one.answer().status() == 401 || one.answer().text("code").startsWith("TENANT_");
    }

    private static List<String> leaks(List<Seen> seen, Set<String> secrets) {
        List<String> leaks = new ArrayList<>();
        for (Seen one : seen) {
            String everything = one.everything();
            for (String secret : secrets) {
                if (everything.contains(secret) && !one.attempt().sent().contains(secret)) {
                    leaks.add(one.attempt().call().caller().name() + " "
                            + one.attempt().call().operation() + " "
                            + one.attempt().call().attack() + " saw " + secret + " in " + everything);
                    break;
                }
            }
        }
        return leaks;
    }

    private static List<String> brokenRules(List<Seen> seen) {
        return seen.stream()
                .flatMap(one -> Rules.broken(one.attempt().call(), one.answer().status())
                        .map(reason -> reason + " <- " + one.attempt().sent() + " -> "
                                + one.answer().raw())
                        .stream())
                .toList();
    }

    /** A's id and an id of nobody must be answered alike. */
    private static List<String> oracles(List<Seen> seen) {
        Map<String, String> ofNobody = new LinkedHashMap<>();
        seen.stream()
                .filter(one -> one.attempt().call().attack() == Attack.NOBODY)
                .forEach(one -> ofNobody.put(key(one), one.shape()));
        return seen.stream()
                .filter(one -> one.attempt().call().attack() == Attack.PATH
                        && !one.attempt().path().contains("?"))
                .filter(one -> !one.attempt().call().operation().opensByToken())
                .filter(one -> !one.shape().equals(ofNobody.get(key(one))))
                .map(one -> key(one) + ":\n" + one.shape() + "\nfor an id of A, but\n" + ofNobody.get(key(one)))
                .toList();
    }

    private static String key(Seen one) {
        return one.attempt().call().caller().name() + " " + one.attempt().call().operation();
    }

    private static <T> List<T> together(Stream<java.util.function.Supplier<T>> work) {
        Semaphore places = new Semaphore(AT_A_TIME);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<CompletableFuture<T>> results = work.map(one -> CompletableFuture.supplyAsync(
                            () -> {
                                places.acquireUninterruptibly();
                                try {
                                    return one.get();
                                } finally {
                                    places.release();
                                }
                            },
                            threads))
                    .toList();
            return results.stream().map(CompletableFuture::join).toList();
        }
    }
}
