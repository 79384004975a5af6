package dev.parley.channel.media;

import dev.parley.channel.adapter.MediaContent;
import dev.parley.platform.id.Ids;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Keeps files that came whole with customers' messages: there is no vendor to fetch them from. */
@ApplicationScoped
public class Enclosures {
    private final MediaIntake intake;
    private final MediaRepository repository;

    Enclosures(MediaIntake intake, MediaRepository repository) {
        this.intake = intake;
        this.repository = repository;
    }

    /**
     * Writes files that came with a call which is still to be stored; {@link #attach} keeps them, and what nobody
     * attaches is swept. What cannot be kept is attached as that.
     *
     * @throws Problem 503 when there is no memory for them now
     */
    public List<Brought> bring(TenantId tenant, List<MediaContent> contents) {
        List<Brought> brought = new ArrayList<>();
        for (MediaContent content : contents) {
            UUID id = Ids.next();
            try {
                brought.add(
                        switch (intake.take(tenant, id, new ByteArrayInputStream(content.bytes()))) {
                            case MediaIntake.Kept kept ->
                                new Brought(
                                        id,
                                        content.fileName(),
                                        kept.type().written(),
                                        kept.file().bytes(),
                                        kept.file().key(),
                                        null);
                            case MediaIntake.Busy busy ->
                                throw new Problem(CommonProblem.UNAVAILABLE)
                                        .detail("Too many files are under way.")
                                        .header("Retry-After", "2");
                            case MediaIntake.Refused refused ->
                                new Brought(id, content.fileName(), null, null, null, refused.why());
                        });
            } catch (IOException impossible) {
                throw new UncheckedIOException(impossible);
            }
        }
        return brought;
    }

    /** Notes what was brought as a message's, in its transaction. */
    public void attach(
            Handle handle, TenantId tenant, UUID conversation, UUID message, List<Brought> brought, String by) {
        repository.insertBrought(handle, tenant, conversation, message, brought, by);
    }

    /**
     * A file that came with a call.
     *
     * @param mediaType by its content; null when it is not kept
     * @param fileKey what opens it
     * @param error why it is not kept; null when it is
     */
    public record Brought(
            UUID id,
            @Nullable String fileName,
            @Nullable String mediaType,
            @Nullable Long bytes,
            @Nullable Integer fileKey,
            @Nullable String error) {}
}
