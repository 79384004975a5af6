package dev.parley.agent.prompt.split;

import dev.parley.platform.tenancy.TenantId;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;

/**
 * Counts facts one after the other and stores them together: one statement per version however many facts there are, and
 * always in the same order, so that tenants do not lock each other out of the rows that they share.
 */
public final class Tally {
    private final FiguresRepository figures;
    private final Handle handle;
    private final TenantId tenant;
    private final Map<Duty, Figures> counted = new TreeMap<>();
    private final Map<String, Duty> answering = new HashMap<>();

    Tally(FiguresRepository figures, Handle handle, TenantId tenant) {
        this.figures = figures;
        this.handle = handle;
        this.tenant = tenant;
    }

    /**
     * A version replied.
     *
     * @param conversationId null for a reply outside any conversation
     */
    public void replied(Duty duty, String conversationId, long tokens, boolean refused) {
        boolean first = conversationId != null
                && !duty.equals(answering.put(conversationId, duty))
                && figures.answered(handle, tenant, conversationId, duty);
        double squared = (double) tokens * tokens;
        add(duty, new Figures(1, 0, refused ? 1 : 0, tokens, squared, 0, 0, 0, first ? 1 : 0, 0, 0, 0));
    }

    /** A run of a version gave no reply. */
    public void failed(Duty duty) {
        add(duty, new Figures(0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
    }

    /** A reply of a version was charged. */
    public void charged(Duty duty, long credits) {
        add(duty, new Figures(0, 0, 0, 0, 0, 1, credits, (double) credits * credits, 0, 0, 0, 0));
    }

    /** A person took a conversation over; counts for whoever answered it last, once per conversation. */
    public void handedOff(String conversationId) {
        figures.handedOff(handle, tenant, conversationId)
                .ifPresent(duty -> add(duty, new Figures(0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0)));
    }

    /** Stores what was counted. */
    public void store() {
        counted.forEach((duty, more) -> figures.add(handle, duty, Seen.shardOf(tenant), more));
    }

    private void add(Duty duty, Figures more) {
        counted.merge(duty, more, Figures::plus);
    }
}
