package dev.parley.channel.message;

import dev.parley.channel.message.MessageRepository.Position;
import dev.parley.channel.turn.MessageView;
import dev.parley.platform.data.Database;
import dev.parley.platform.paging.Cursor;
import dev.parley.platform.paging.Page;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads what was said. */
@ApplicationScoped
public class MessageService {
    private final Database database;
    private final MessageRepository repository;

    MessageService(Database database, MessageRepository repository) {
        this.database = database;
        this.repository = repository;
    }

    /** Messages of a conversation, latest first. */
    public Page<MessageView> list(
            TenantId tenant, UUID conversation, @Nullable String cursor, @Nullable Integer limit) {
        String position = Cursor.decode(cursor);
        long beforeSeq = Long.MAX_VALUE;
        int beforePart = 0;
        if (position != null) {
            String[] parts = position.split("/", 2);
            try {
                beforeSeq = Long.parseLong(parts[0]);
                beforePart = Integer.parseInt(parts[1]);
            } catch (NumberFormatException | ArrayIndexOutOfBoundsException foreign) {
                throw new Problem(CommonProblem.BAD_REQUEST, foreign).detail("the cursor is not valid");
            }
        }
        int size = Cursor.limit(limit);
        long seq = beforeSeq;
        int part = beforePart;
        List<Position> rows =
                database.inTenant(tenant, handle -> repository.list(handle, tenant, conversation, seq, part, size + 1));
        return Page.of(rows, size, row -> row.seq() + "/" + row.part()).map(Position::message);
    }
}
