package dev.parley.simulators.exchange;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.CopyOptions;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** Keeps what the simulators must know after a restart in one JSON file, written shortly after each change. */
public final class StateFile {

    private static final long WRITE_AFTER_MILLIS = 200;

    private final Vertx vertx;
    private final Path file;
    private final JsonObject loaded;
    private final Map<String, Supplier<Buffer>> parts = new LinkedHashMap<>();
    private boolean scheduled;
    private boolean dirty;

    /**
     * Reads the file if there is one.
     *
     * @param directory where the file is, or null to keep everything in memory only
     */
    public StateFile(Vertx vertx, Path directory) {
        this.vertx = vertx;
        this.file = directory == null ? null : directory.resolve("state.json");
        try {
            if (file != null) {
                Files.createDirectories(directory);
            }
            loaded = file != null && Files.exists(file)
                    ? new JsonObject(Buffer.buffer(Files.readAllBytes(file)))
                    : new JsonObject();
        } catch (IOException unreadable) {
            throw new UncheckedIOException("The simulators' state cannot be read from " + file, unreadable);
        }
    }

    /** What was saved of a part before, empty at first; from now on its state comes from the supplier, as
     * JSON. */
    public JsonObject attach(String part, Supplier<Buffer> state) {
        parts.put(part, state);
        return loaded.remove(part) instanceof JsonObject saved ? saved : new JsonObject();
    }

    /** Something changed: writes the file soon. */
    public void changed() {
        dirty = true;
        if (file != null && !scheduled) {
            scheduled = true;
            vertx.setTimer(WRITE_AFTER_MILLIS, timer -> write());
        }
    }

    private void write() {
        String temporary = file + ".new";
        dirty = false;
        vertx.fileSystem()
                .writeFile(temporary, snapshot())
                .compose(done -> vertx.fileSystem()
                        .move(
                                temporary,
                                file.toString(),
                                new CopyOptions().setReplaceExisting(true).setAtomicMove(true)))
                .onComplete(done -> {
                    scheduled = false;
                    if (dirty) {
                        changed();
                    }
                })
                .onFailure(failure -> System.getLogger(StateFile.class.getName())
                        .log(System.Logger.Level.ERROR, "The simulators' state was not saved", failure));
    }

    /** Writes at once and waits; for the shutdown. */
    public void flush() {
        if (file == null) {
            return;
        }
        try {
            Files.write(file, snapshot().getBytes());
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }

    private Buffer snapshot() {
        Buffer state = Buffer.buffer("{");
        String between = "\"";
        for (Map.Entry<String, Supplier<Buffer>> part : parts.entrySet()) {
            state.appendString(between).appendString(part.getKey()).appendString("\":");
            state.appendBuffer(part.getValue().get());
            between = ",\"";
        }
        return state.appendString("}");
    }
}
