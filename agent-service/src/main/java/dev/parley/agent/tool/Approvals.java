package dev.parley.agent.tool;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.platform.tenancy.TenantId;
import java.time.Instant;
import java.util.List;

/** Knows what people approved of what agents want to do. */
@FunctionalInterface
public interface Approvals {
    /** What became of exactly this wish. One that nobody knows is asked of a person; a result is given once. */
    Answer ask(TenantId tenant, Wish wish);

    /** What people decided of late on an agent's wishes in a conversation, oldest first. */
    default List<Decided> recent(TenantId tenant, String conversationId, String agent) {
        return List.of();
    }

    /** How far a wish is. */
    enum State {
        /** A person has to approve it, and knows of it. */
        ASKED,
        /** A person approved it, and it is being carried out. */
        UNDER_WAY,
        /** Nobody was asked: too many wishes of the conversation wait. */
        TOO_MANY,
        /** A person approved it, and its result is known, be it that nobody can tell. */
        DONE
    }

    /**
     * What became of a wish.
     *
     * @param result what the function answered; null where it was not carried out
     */
    record Answer(State state, ToolBox.Result result) {
        /** A person has to approve it. */
        public static final Answer ASKED = new Answer(State.ASKED, null);
    }

    /**
     * What a person decided, and what came of it.
     *
     * @param outcome rejected, done, failed, or unknown
     * @param result what the function answered, or null
     */
    record Decided(String tool, JsonNode arguments, String outcome, String result, Instant at) {}
}
