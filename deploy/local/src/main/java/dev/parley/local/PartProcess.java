package dev.parley.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One running part: a process in a session of its own, found again later through its pid file. */
final class PartProcess {
    private static final Duration DEATH = Duration.ofSeconds(10);
    private static final boolean HAS_SETSID =
            Files.isExecutable(Path.of("/usr/bin/setsid")) || Files.isExecutable(Path.of("/bin/setsid"));

    private final Part part;
    private final ProcessHandle handle;
    private final Process child;

    private PartProcess(Part part, ProcessHandle handle, Process child) {
        this.part = part;
        this.handle = handle;
        this.child = child;
    }

    /** Starts a part detached from this terminal, its output going to its log. */
    static PartProcess start(Part part, ProcessSpec spec, DataDirectory data) {
        PartProcess started = launch(part, spec, data.log(part));
        try {
            Files.writeString(
                    data.pidFile(part),
                    started.handle.pid() + " " + startedAt(started.handle).orElse(0L) + "\n");
        } catch (IOException e) {
            started.handle.destroyForcibly();
            throw new UncheckedIOException(e);
        }
        return started;
    }

    /** Starts a process that no pid file remembers: it is ours to end. */
    static PartProcess launch(Part part, ProcessSpec spec, Path log) {
        List<String> command = new ArrayList<>();
        if (HAS_SETSID) {
            command.add("setsid");
        }
        command.addAll(spec.command());
        try {
            if (Files.exists(log)) {
                Files.move(
                        log, log.resolveSibling(log.getFileName() + ".previous"), StandardCopyOption.REPLACE_EXISTING);
            }
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(spec.directory().toFile())
                    .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile());
            builder.environment().putAll(spec.environment());
            Process child = builder.start();
            return new PartProcess(part, child.toHandle(), child);
        } catch (IOException e) {
            throw new StackFailure("%s cannot be started: %s".formatted(part.label(), e.getMessage()), e);
        }
    }

    /** The process that the pid file names, when it still lives and is the same one. */
    static Optional<PartProcess> find(Part part, DataDirectory data) {
        Path file = data.root().resolve("run").resolve(part.key() + ".pid");
        try {
            String[] stored = Files.readString(file).trim().split(" ");
            long startedAt = Long.parseLong(stored[1]);
            return ProcessHandle.of(Long.parseLong(stored[0]))
                    .filter(ProcessHandle::isAlive)
                    .filter(handle -> startedAt(handle).orElse(0L) == startedAt)
                    .map(handle -> new PartProcess(part, handle, null));
        } catch (IOException | NumberFormatException | ArrayIndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }

    Part part() {
        return part;
    }

    long pid() {
        return handle.pid();
    }

    boolean alive() {
        return handle.isAlive();
    }

    /** Waits until the process ends, at most this long; true when it has ended. */
    boolean endsWithin(Duration patience) {
        try {
            handle.onExit().get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException | CancellationException e) {
            return !handle.isAlive();
        }
    }

    /** How it ended, for people. */
    String ending() {
        return child == null || child.isAlive() ? "it ended" : "it ended with code " + child.exitValue();
    }

    /** Asks the process to end, and ends it and its children by force after the deadline. */
    void stop(Duration deadline) {
        List<ProcessHandle> family = family();
        if (part == Part.POSTGRESQL) {
            interrupt();
        } else {
            handle.destroy();
        }
        if (!endsWithin(deadline)) {
            endByForce(family);
        } else {
            endByForce(family.subList(1, family.size()));
        }
    }

    /** Ends the process at once, as {@code kill -9} does, and waits until its children are gone too. */
    void kill() {
        List<ProcessHandle> family = family();
        handle.destroyForcibly();
        for (ProcessHandle member : family) {
            if (!new PartProcess(part, member, null).endsWithin(DEATH)) {
                member.destroyForcibly();
            }
        }
    }

    private static void endByForce(List<ProcessHandle> family) {
        family.forEach(ProcessHandle::destroyForcibly);
        family.forEach(member -> new PartProcess(null, member, null).endsWithin(DEATH));
    }

    private List<ProcessHandle> family() {
        List<ProcessHandle> family = new ArrayList<>();
        family.add(handle);
        handle.descendants().forEach(family::add);
        return family;
    }

    // PostgreSQL reads SIGTERM as "when the last client has left" and SIGINT as "now, in order".
    private void interrupt() {
        try {
            new ProcessBuilder("kill", "-INT", Long.toString(handle.pid()))
                    .start()
                    .waitFor();
        } catch (IOException e) {
            handle.destroy();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            handle.destroy();
        }
    }

    private static Optional<Long> startedAt(ProcessHandle handle) {
        return handle.info().startInstant().map(java.time.Instant::toEpochMilli);
    }
}
