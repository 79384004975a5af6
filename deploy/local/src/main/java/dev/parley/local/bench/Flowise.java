package dev.parley.local.bench;

import dev.parley.local.Folders;
import dev.parley.local.Part;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Flowise with one flow, a conversation with the stack's model that remembers its last messages, in a database of its own
 * on the stack's PostgreSQL, so that both keep their messages on the same disk by the same settings.
 */
final class Flowise implements AutoCloseable {
    private static final Path PACKAGES = Path.of("deploy/bench-flowise/node_modules");
    private static final String DATABASE = "bench_flowise";
    private static final int PATIENCE_SECONDS = 150;
    private static final Map<String, Object> OWNER = Map.of(
            "user",
            Map.of(
                    "name", "Bench",
                    "email", "bench@example.com",
                    "type", "pro",
                    "credential", "Correct-horse-battery-1"));
    private static final String FLOW = """
            {"nodes":[
             {"id":"chatLocalAI_0","type":"customNode","position":{"x":0,"y":0},"data":{"id":"chatLocalAI_0",\
            "name":"chatLocalAI","type":"ChatLocalAI","category":"Chat Models","label":"Model","inputParams":[],\
            "inputAnchors":[],"baseClasses":["BaseChatModel"],\
            "inputs":{"basePath":"%s","modelName":"parley-demo","temperature":"0.2","streaming":false},\
            "outputAnchors":[],"outputs":{}}},
             {"id":"bufferWindowMemory_0","type":"customNode","position":{"x":0,"y":0},"data":{"id":"bufferWindowMemory_0",\
            "name":"bufferWindowMemory","type":"BufferWindowMemory","category":"Memory","label":"Memory","inputParams":[],\
            "inputAnchors":[],"baseClasses":["BaseMemory"],"inputs":{"k":"%d","sessionId":"","memoryKey":"chat_history"},\
            "outputAnchors":[],"outputs":{}}},
             {"id":"conversationChain_0","type":"customNode","position":{"x":0,"y":0},"data":{"id":"conversationChain_0",\
            "name":"conversationChain","type":"ConversationChain","category":"Chains","label":"Chain","inputParams":[],\
            "inputAnchors":[],"baseClasses":["BaseChain"],\
            "inputs":{"model":"{{chatLocalAI_0.data.instance}}","memory":"{{bufferWindowMemory_0.data.instance}}",\
            "systemMessagePrompt":"You answer briefly."},"outputAnchors":[],"outputs":{}}}],
             "edges":[
             {"id":"model","source":"chatLocalAI_0","target":"conversationChain_0","sourceHandle":"a","targetHandle":"b"},
             {"id":"memory","source":"bufferWindowMemory_0","target":"conversationChain_0","sourceHandle":"a",\
            "targetHandle":"b"}]}
            """;

    private final Bed bed;
    private final Process process;
    private final int port;
    private final Path folder;
    private final UUID flow = UUID.randomUUID();

    private Flowise(Bed bed, Process process, int port, Path folder) {
        this.bed = bed;
        this.process = process;
        this.port = port;
        this.folder = folder;
    }

    /** Whether npm has installed it. */
    static boolean isInstalled() {
        return Files.exists(PACKAGES.resolve("flowise/bin/run"));
    }

    /** Starts it with its flow; each answer is made of so many messages before it. */
    static Flowise start(Bed bed, int remembered) throws Exception {
        Path folder = Files.createTempDirectory("flowise");
        try (Connection postgres = bed.database("auth");
                Statement statement = postgres.createStatement()) {
            statement.execute("drop database if exists " + DATABASE + " with (force)");
            statement.execute("create database " + DATABASE);
        }
        int port = Bed.freePort();
        ProcessBuilder builder = new ProcessBuilder(
                        "node", PACKAGES.resolve("flowise/bin/run").toString(), "start")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("flowise.log").toFile());
        builder.environment().putAll(settings(bed, port, folder));
        Flowise peer = new Flowise(bed, builder.start(), port, folder);
        try {
            peer.ready();
            peer.install(remembered);
            return peer;
        } catch (Exception failed) {
            peer.close();
            throw failed;
        }
    }

    private static Map<String, String> settings(Bed bed, int port, Path folder) {
        URI database = URI.create(bed.stack().superuserUrl(DATABASE).substring("jdbc:".length()));
        String password = database.getQuery().replaceAll(".*password=", "");
        return Map.ofEntries(
                Map.entry("PORT", Integer.toString(port)),
                Map.entry("HOST", "127.0.0.1"),
                Map.entry("NODE_ENV", "production"),
                Map.entry("LOG_LEVEL", "error"),
                Map.entry("LOG_PATH", folder.toString()),
                Map.entry("DISABLE_FLOWISE_TELEMETRY", "true"),
                Map.entry("SECRETKEY_PATH", folder.toString()),
                Map.entry("BLOB_STORAGE_PATH", folder.toString()),
                Map.entry("JWT_AUTH_TOKEN_SECRET", "bench-auth"),
                Map.entry("JWT_REFRESH_TOKEN_SECRET", "bench-refresh"),
                Map.entry("HTTP_DENY_LIST", ""),
                Map.entry("DATABASE_TYPE", "postgres"),
                Map.entry("DATABASE_HOST", database.getHost()),
                Map.entry("DATABASE_PORT", Integer.toString(database.getPort())),
                Map.entry("DATABASE_NAME", DATABASE),
                Map.entry("DATABASE_USER", "postgres"),
                Map.entry("DATABASE_PASSWORD", password));
    }

    private void ready() throws IOException, InterruptedException {
        Api api = new Api("http://127.0.0.1:" + port);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (System.nanoTime() < end && process.isAlive()) {
            try {
                if (api.answer("GET", "/api/v1/ping", null, null).statusCode() == 200) {
                    return;
                }
            } catch (IOException starting) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(300));
            }
        }
        throw new IOException("Flowise did not start: " + Files.readString(folder.resolve("flowise.log")));
    }

    /** Makes its owner by its API and the flow by a row, as its canvas does. */
    private void install(int remembered) throws IOException, InterruptedException, SQLException {
        new Api("http://127.0.0.1:" + port).send("POST", "/api/v1/account/register", null, OWNER);
        try (Connection database = DriverManager.getConnection(bed.stack().superuserUrl(DATABASE));
                Statement statement = database.createStatement();
                PreparedStatement insert = database.prepareStatement("""
                        insert into chat_flow (id, name, "flowData", deployed, "isPublic", type, "workspaceId")
                        values (?, 'bench', ?, true, true, 'CHATFLOW', ?)
                        """)) {
            ResultSet workspace = statement.executeQuery("select id from workspace limit 1");
            workspace.next();
            insert.setObject(1, flow);
            insert.setString(2, FLOW.formatted(bed.stack().simulatorsUrl() + "/llm/v1", remembered));
            insert.setObject(3, workspace.getObject(1));
            insert.executeUpdate();
        }
    }

    int port() {
        return port;
    }

    /** The same message into so many conversations. */
    List<byte[]> messages(String text, int conversations) {
        List<byte[]> requests = new ArrayList<>();
        for (int i = 0; i < conversations; i++) {
            String session = UUID.randomUUID().toString();
            requests.add(Api.post(
                    "/api/v1/prediction/" + flow,
                    null,
                    "{\"question\":\"%s\",\"streaming\":false,\"chatId\":\"%s\",\"overrideConfig\":{\"sessionId\":\"%s\"}}"
                            .formatted(text, session, session)));
        }
        return requests;
    }

    /** How many messages it has kept, questions and answers. */
    long kept() throws SQLException {
        try (Connection database = DriverManager.getConnection(bed.stack().superuserUrl(DATABASE));
                Statement statement = database.createStatement();
                ResultSet count = statement.executeQuery("select count(*) from chat_message")) {
            count.next();
            return count.getLong(1);
        }
    }

    /** Processor time of Flowise and of PostgreSQL. */
    double cpuSeconds() {
        return ProcessorTime.ofTree(process.pid())
                + ProcessorTime.ofTree(bed.stack().pid(Part.POSTGRESQL));
    }

    @Override
    public void close() throws IOException {
        Peers.stop(process);
        Folders.delete(folder);
    }
}
