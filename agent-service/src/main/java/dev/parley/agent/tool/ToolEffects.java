package dev.parley.agent.tool;

/** What the functions of one run want the channel to do afterwards; for one thread. */
public final class ToolEffects {
    private Handoff handoff;

    /** The conversation shall go to a person. */
    public record Handoff(String reason, String summary) {}

    /** Asks for a person; the last wish counts. */
    public void handOff(Handoff wished) {
        this.handoff = wished;
    }

    /** Whether and why a person is asked for; null when none is. */
    public Handoff handoff() {
        return handoff;
    }
}
