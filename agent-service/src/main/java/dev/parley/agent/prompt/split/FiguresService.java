package dev.parley.agent.prompt.split;

import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Counts what versions come to while they are on duty; each call is one fact, counted in the caller's transaction. */
@ApplicationScoped
public class FiguresService {
    private final FiguresRepository figures;

    FiguresService(FiguresRepository figures) {
        this.figures = figures;
    }

    /**
     * A version replied.
     *
     * @param conversationId null for a reply outside any conversation
     */
    public void replied(
            Handle handle,
            TenantId tenant,
            UUID releaseId,
            UUID versionId,
            String conversationId,
            long tokens,
            boolean refused) {
        boolean first = conversationId != null
                && figures.answered(
                        handle, tenant, conversationId, new FiguresRepository.Duty(releaseId, versionId));
        figures.add(
                handle,
                releaseId,
                versionId,
                new Figures(
                        1, 0, refused ? 1 : 0, tokens, (double) tokens * tokens, 0, 0, 0, first ? 1 : 0, 0));
    }

    /** A run of a version gave no reply. */
    public void failed(Handle handle, UUID releaseId, UUID versionId) {
        figures.add(handle, releaseId, versionId, new Figures(0, 1, 0, 0, 0, 0, 0, 0, 0, 0));
    }

    /** A reply of a version was charged. */
    public void charged(Handle handle, UUID releaseId, UUID versionId, long credits) {
        figures.add(
                handle,
                releaseId,
                versionId,
                new Figures(0, 0, 0, 0, 0, 1, credits, (double) credits * credits, 0, 0));
    }

    /** A person took a conversation over; counts for whoever answered it last, once per conversation. */
    public void handedOff(Handle handle, TenantId tenant, String conversationId) {
        figures.handedOff(handle, tenant, conversationId)
                .ifPresent(duty -> figures.add(
                        handle, duty.releaseId(), duty.versionId(), new Figures(0, 0, 0, 0, 0, 0, 0, 0, 0, 1)));
    }

    /** The figures of each version of a release; versions of which nothing was seen are absent. */
    public Map<UUID, Figures> of(Handle handle, UUID releaseId) {
        return figures.of(handle, releaseId);
    }
}
