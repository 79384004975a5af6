package dev.parley.bench.engine;

import dev.parley.policy.engine.SubscriptionStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/** Tenants with entitlements of their own, and questions about them; the same for the same seed. */
record World(List<Entitlement> entitlements, List<Question> questions) {
    private static final List<String> AGENTS =
            List.of("concierge", "scout", "scribe", "broker", "analyst", "herald", "archivist", "tutor");
    private static final List<String> CHANNELS = List.of("web", "api", "telegram", "whatsapp");
    private static final List<SubscriptionStatus> STATES = List.of(SubscriptionStatus.values());

    /** So many tenants and questions. */
    static World of(int tenants, int questions, long seed) {
        Random random = new Random(seed);
        List<Entitlement> entitlements = new ArrayList<>();
        for (int i = 0; i < tenants; i++) {
            // Most tenants are in order, as in life; a lone one always is, or there would be nothing to decide.
            boolean inOrder = i == 0 || random.nextInt(4) > 0;
            entitlements.add(new Entitlement(
                    new UUID(random.nextLong(), random.nextLong()),
                    !inOrder && random.nextBoolean(),
                    inOrder ? SubscriptionStatus.ACTIVE : any(STATES, random),
                    some(AGENTS, random),
                    some(CHANNELS, random)));
        }
        List<Question> asked = new ArrayList<>();
        for (int i = 0; i < questions; i++) {
            asked.add(new Question(any(entitlements, random).tenant(), any(AGENTS, random), any(CHANNELS, random)));
        }
        return new World(List.copyOf(entitlements), List.copyOf(asked));
    }

    private static <T> T any(List<T> of, Random random) {
        return of.get(random.nextInt(of.size()));
    }

    private static Set<String> some(List<String> of, Random random) {
        Set<String> some = new TreeSet<>();
        some.add(any(of, random));
        for (String one : of) {
            if (random.nextBoolean()) {
                some.add(one);
            }
        }
        return some;
    }
}
