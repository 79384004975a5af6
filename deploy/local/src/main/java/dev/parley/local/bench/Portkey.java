package dev.parley.local.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Portkey's gateway from npm, which passes completions on to the stack's model: it neither decides nor meters. */
final class Portkey implements AutoCloseable {
    private static final Path SERVER =
            Path.of("deploy/bench-peers/node_modules/@portkey-ai/gateway/build/start-server.js");
    private static final int PATIENCE_SECONDS = 60;

    private final Process process;
    private final int port;
    private final Path log;

    private Portkey(Process process, int port, Path log) {
        this.process = process;
        this.port = port;
        this.log = log;
    }

    /** Whether npm has installed it. */
    static boolean isInstalled() {
        return Files.exists(SERVER);
    }

    /** Starts it; returns when it answers. */
    static Portkey start() throws IOException, InterruptedException {
        int port = Bed.freePort();
        Path log = Files.createTempFile("portkey", ".log");
        Process process = new ProcessBuilder("node", SERVER.toString(), "--port=" + port, "--headless")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        Portkey peer = new Portkey(process, port, log);
        Api api = new Api("http://127.0.0.1:" + port);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (System.nanoTime() < end && process.isAlive()) {
            try {
                if (api.answer("GET", "/", null, null).statusCode() == 200) {
                    return peer;
                }
            } catch (IOException starting) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
            }
        }
        String said = Files.readString(log);
        peer.close();
        throw new IOException("Portkey did not start: " + said);
    }

    /** It, sending that completion on to the model at that address. */
    Contender contender(String model, String completion) {
        byte[] request = Api.post(
                "/v1/chat/completions",
                "sk-bench",
                completion,
                "x-portkey-provider: openai",
                "x-portkey-custom-host: " + model);
        return new Contender(port, process.pid(), List.of(request));
    }

    @Override
    public void close() throws IOException {
        Peers.stop(process);
        Files.deleteIfExists(log);
    }
}
