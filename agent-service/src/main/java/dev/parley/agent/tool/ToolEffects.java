package dev.parley.agent.tool;

import java.util.HashMap;
import java.util.Map;

/** What the functions of one run want the channel to do afterwards; for one thread. */
public final class ToolEffects {
    private final Map<String, Integer> calls = new HashMap<>();
    private Handoff handoff;

    /** The conversation shall go to a person. */
    public record Handoff(String reason, String summary) {}

    /** How often this very call was made in this run, this time included. */
    public int times(String call) {
        return calls.merge(call, 1, Integer::sum);
    }

    /** Does not count the last time of a call, of which nobody knows whether it was done: the next one is that one again. */
    public void sameAgain(String call) {
        calls.merge(call, -1, Integer::sum);
    }

    /** Asks for a person; the last wish counts. */
    public void handOff(Handoff wished) {
        this.handoff = wished;
    }

    /** Whether and why a person is asked for; null when none is. */
    public Handoff handoff() {
        return handoff;
    }
}
