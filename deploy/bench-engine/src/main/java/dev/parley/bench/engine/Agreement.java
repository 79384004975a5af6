package dev.parley.bench.engine;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Asks all three engines the same random questions about random tenants, and says how often they disagree. */
public final class Agreement {
    private static final int TENANTS = 20;
    private static final int QUESTIONS = 200;
    private static final List<String> ENGINES = List.of("parley", "jcasbin", "cedar");

    private Agreement() {}

    /** Prints {@code cases <n> allowed <n> disagreements <n>}; the first argument is how many cases. */
    public static void main(String[] arguments) {
        int cases = Integer.parseInt(arguments[0]);
        int asked = 0;
        int allowed = 0;
        int disagreements = 0;
        for (long seed = 0; asked < cases; seed++) {
            World world = World.of(TENANTS, QUESTIONS, seed);
            Map<String, Judge> judges = new HashMap<>();
            ENGINES.forEach(engine -> judges.put(engine, Judge.of(engine, world)));
            for (Question question : world.questions()) {
                boolean ours = judges.get("parley").allows(question);
                asked++;
                allowed += ours ? 1 : 0;
                if (judges.get("jcasbin").allows(question) != ours
                        || judges.get("cedar").allows(question) != ours) {
                    disagreements++;
                }
            }
        }
        System.out.printf("cases %d allowed %d disagreements %d%n", asked, allowed, disagreements);
    }
}
