package dev.parley.local.bench;

import dev.parley.local.Folders;
import dev.parley.local.Part;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;

/**
 * Kill Bill with a database of its own on the stack's PostgreSQL, so that both write to the same disk by the same rules;
 * tuned: a pool of thirty connections, log from warnings on, queues that look rarely.
 */
final class KillBill implements AutoCloseable {
    private static final Path MODULE = Path.of("deploy/bench-killbill/target");
    private static final String DATABASE = "killbill_bench";
    private static final int PATIENCE_SECONDS = 150;
    private static final String WHO =
            "Basic " + Base64.getEncoder().encodeToString("admin:password".getBytes(StandardCharsets.UTF_8));
    // The order matters: the first file makes the types that the others use.
    private static final List<String> SCHEMAS = List.of(
            "killbill-util:org/killbill/billing/util/ddl-postgresql.sql",
            "killbill-util:org/killbill/billing/util/ddl.sql",
            "killbill-tenant:org/killbill/billing/tenant/ddl.sql",
            "killbill-account:org/killbill/billing/account/ddl.sql",
            "killbill-beatrix:org/killbill/billing/beatrix/ddl.sql",
            "killbill-catalog:org/killbill/billing/catalog/ddl.sql",
            "killbill-entitlement:org/killbill/billing/entitlement/ddl.sql",
            "killbill-invoice:org/killbill/billing/invoice/ddl.sql",
            "killbill-payment:org/killbill/billing/payment/ddl.sql",
            "killbill-subscription:org/killbill/billing/subscription/ddl.sql",
            "killbill-usage:org/killbill/billing/usage/ddl.sql",
            "killbill-queue:org/killbill/queue/ddl.sql");
    private static final List<String> OPENED = List.of(
            "java.lang",
            "java.lang.reflect",
            "java.util",
            "java.net",
            "java.text",
            "java.security",
            "sun.net.www.protocol.file",
            "sun.net.www.protocol.http",
            "sun.net.www.protocol.https",
            "sun.net.www.protocol.jar");
    private static final String SETTINGS = """
            org.killbill.dao.url=%1$s
            org.killbill.dao.user=%2$s
            org.killbill.dao.password=%3$s
            org.killbill.dao.poolingType=HIKARICP
            org.killbill.dao.maxActive=30
            org.killbill.dao.minIdle=30
            org.killbill.billing.osgi.dao.url=%1$s
            org.killbill.billing.osgi.dao.user=%2$s
            org.killbill.billing.osgi.dao.password=%3$s
            org.killbill.osgi.bundle.install.dir=%4$s
            org.killbill.osgi.root.dir=%4$s/root
            org.killbill.server.multitenant=true
            org.killbill.persistent.bus.external.inMemory=true
            org.killbill.notificationq.main.sleep=3000
            org.killbill.notificationq.overdue.sleep=60000
            org.killbill.tenant.broadcast.rate=5s
            org.killbill.security.shiroNbHashIterations=1
            """;
    private static final String LOG = """
            <configuration><appender name="out" class="ch.qos.logback.core.ConsoleAppender"><encoder><pattern>%d %-5level %logger{30} %msg%n</pattern></encoder></appender><root level="WARN"><appender-ref ref="out"/></root></configuration>
            """;
    private static final String CATALOG = """
            <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
            <catalog xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="CatalogSchema.xsd">
              <effectiveDate>2020-01-01T00:00:00+00:00</effectiveDate>
              <catalogName>Bench</catalogName>
              <currencies><currency>USD</currency></currencies>
              <units><unit name="message"/></units>
              <products><product name="Bench"><category>BASE</category></product></products>
              <rules>
                <changePolicy><changePolicyCase><policy>IMMEDIATE</policy></changePolicyCase></changePolicy>
                <cancelPolicy><cancelPolicyCase><policy>IMMEDIATE</policy></cancelPolicyCase></cancelPolicy>
              </rules>
              <plans><plan name="bench-monthly">
                <product>Bench</product>
                <recurringBillingMode>IN_ARREAR</recurringBillingMode>
                <initialPhases/>
                <finalPhase type="EVERGREEN">
                  <duration><unit>UNLIMITED</unit></duration>
                  <usages><usage name="bench-usage" billingMode="IN_ARREAR" usageType="CONSUMABLE">
                    <billingPeriod>MONTHLY</billingPeriod>
                    <tiers><tier><blocks><tieredBlock><unit>message</unit><size>1</size>
                      <prices><price><currency>USD</currency><value>0.01</value></price></prices><max>-1</max>
                    </tieredBlock></blocks></tier></tiers>
                  </usage></usages>
                </finalPhase>
              </plan></plans>
              <priceLists><defaultPriceList name="DEFAULT"><plans><plan>bench-monthly</plan></plans></defaultPriceList></priceLists>
            </catalog>
            """;

    private final Bed bed;
    private final Path folder;
    private final Process process;
    private final int port;
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<String> subscriptions = new ArrayList<>();

    private KillBill(Bed bed, Path folder, Process process, int port) {
        this.bed = bed;
        this.folder = folder;
        this.process = process;
        this.port = port;
    }

    /** Starts it, with so many customers who each subscribed to a plan that is paid by usage. */
    static KillBill start(Bed bed, int customers) throws IOException, InterruptedException, SQLException {
        Path war = MODULE.resolve("killbill.war");
        if (!Files.exists(war)) {
            throw new IOException(war + " is missing: make bench fetches it");
        }
        createDatabase(bed, war);
        Path folder = Files.createTempDirectory("killbill");
        int port = Bed.freePort();
        KillBill bill = new KillBill(bed, folder, launch(bed, war, folder, port), port);
        try {
            bill.awaitReady();
            bill.subscribe(customers);
            return bill;
        } catch (IOException | InterruptedException broken) {
            bill.close();
            throw broken;
        }
    }

    private static void createDatabase(Bed bed, Path war) throws IOException, SQLException {
        try (Connection connection = bed.database("auth");
                Statement sql = connection.createStatement()) {
            sql.execute("drop database if exists " + DATABASE + " with (force)");
            sql.execute("create database " + DATABASE);
        }
        try (Connection connection = connection(bed);
                Statement sql = connection.createStatement();
                ZipFile archive = new ZipFile(war.toFile())) {
            for (String schema : SCHEMAS) {
                String[] place = schema.split(":");
                sql.execute(nested(archive, place[0], place[1]));
            }
        }
    }

    private static Connection connection(Bed bed) throws SQLException {
        return DriverManager.getConnection(bed.stack().superuserUrl(DATABASE));
    }

    private static String nested(ZipFile archive, String library, String file) throws IOException {
        ZipEntry jar = archive.stream()
                .filter(entry -> entry.getName().matches("WEB-INF/lib/" + library + "-[0-9][^/]*\\.jar"))
                .findFirst()
                .orElseThrow(() -> new IOException("no " + library + " in the war"));
        try (InputStream bytes = archive.getInputStream(jar);
                ZipInputStream entries = new ZipInputStream(bytes)) {
            for (ZipEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
                if (entry.getName().equals(file)) {
                    return new String(entries.readAllBytes(), StandardCharsets.UTF_8);
                }
            }
        }
        throw new IOException("no " + file + " in " + library);
    }

    private static Process launch(Bed bed, Path war, Path folder, int port) throws IOException {
        // jdbc:postgresql://host:port/database?user=…&password=…
        URI url = URI.create(bed.stack().superuserUrl(DATABASE).substring("jdbc:".length()));
        String[] secrets = url.getQuery().split("[=&]");
        Path settings = folder.resolve("killbill.properties");
        Files.writeString(
                settings,
                SETTINGS.formatted(
                        "jdbc:postgresql://" + url.getAuthority() + url.getPath(), secrets[1], secrets[3], folder));
        Path log = Files.writeString(folder.resolve("logback.xml"), LOG);
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms512m",
                "-Xmx1g",
                "-XX:+UseSerialGC",
                "--sun-misc-unsafe-memory-access=allow",
                "-Djava.io.tmpdir=" + folder,
                "-Dorg.killbill.server.properties=file://" + settings,
                "-Dlogback.configurationFile=" + log));
        for (String opened : OPENED) {
            command.add("--add-opens=java.base/" + opened + "=ALL-UNNAMED");
        }
        command.addAll(List.of(
                "-cp",
                MODULE.resolve("classes") + ":"
                        + Files.readString(MODULE.resolve("bench.classpath")).strip(),
                "dev.parley.peers.killbill.KillBill",
                Integer.toString(port),
                war.toAbsolutePath().toString()));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("killbill.log").toFile())
                .start();
    }

    private void awaitReady() throws IOException, InterruptedException {
        Api api = new Api("http://127.0.0.1:" + port);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (System.nanoTime() < end && process.isAlive()) {
            try {
                if (api.answer("GET", "/1.0/healthcheck", null, null).statusCode() == 200) {
                    return;
                }
            } catch (IOException starting) {
                // Not listening yet.
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(500));
        }
        throw new IOException("Kill Bill did not start: " + Files.readString(folder.resolve("killbill.log")));
    }

    private void subscribe(int customers) throws IOException, InterruptedException {
        post("/1.0/kb/tenants", "application/json", "{\"apiKey\":\"bench\",\"apiSecret\":\"bench\"}");
        post("/1.0/kb/catalog/xml", "text/xml", CATALOG);
        for (int i = 0; i < customers; i++) {
            String account = post(
                    "/1.0/kb/accounts",
                    "application/json",
                    "{\"name\":\"Customer\",\"currency\":\"USD\",\"externalKey\":\"customer-%d\"}".formatted(i));
            subscriptions.add(post(
                    "/1.0/kb/subscriptions",
                    "application/json",
                    "{\"accountId\":\"%s\",\"planName\":\"bench-monthly\"}".formatted(account)));
        }
    }

    /** The last part of the address of what was created. */
    private String post(String path, String type, String body) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .header("Content-Type", type)
                        .header("Authorization", WHO)
                        .header("X-Killbill-CreatedBy", "bench")
                        .header("X-Killbill-ApiKey", "bench")
                        .header("X-Killbill-ApiSecret", "bench")
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
        if (answer.statusCode() != 201) {
            throw new IOException("Kill Bill answered " + answer.statusCode() + " to " + path + ": " + answer.body());
        }
        String place = answer.headers().firstValue("Location").orElse("/");
        return place.substring(place.lastIndexOf('/') + 1);
    }

    /** Usage from that many connections, each request with so many usage records and a tracking id of its own. */
    Load.Result take(int connections, int records, int seconds) throws InterruptedException {
        return new Load(new Usage(records)).closed(connections, seconds);
    }

    /** How many usage records are stored; never more than were sent, and all that were answered. */
    long stored() throws SQLException {
        try (Connection connection = connection(bed);
                Statement sql = connection.createStatement();
                ResultSet count = sql.executeQuery("select count(*) from rolled_up_usage")) {
            count.next();
            return count.getLong(1);
        }
    }

    /** Processor time of Kill Bill and of the database, in seconds. */
    double cpuSeconds() {
        return ProcessorTime.ofTree(process.pid())
                + ProcessorTime.ofTree(bed.stack().pid(Part.POSTGRESQL));
    }

    private final class Usage implements Load.Target {
        private final String records;

        Usage(int records) {
            String one = "{\"recordDate\":\"%s\",\"amount\":1}".formatted(LocalDate.now(ZoneOffset.UTC));
            this.records = String.join(",", Collections.nCopies(records, one));
        }

        @Override
        public int port() {
            return port;
        }

        @Override
        public byte[] request(int lane) {
            return Api.post(
                    "/1.0/kb/usages",
                    null,
                    "{\"subscriptionId\":\"" + subscriptions.get(Math.floorMod(lane, subscriptions.size()))
                            + "\",\"trackingId\":\"" + UUID.randomUUID()
                            + "\",\"unitUsageRecords\":[{\"unitType\":\"message\",\"usageRecords\":[" + records
                            + "]}]}",
                    "Authorization: " + WHO,
                    "X-Killbill-CreatedBy: bench",
                    "X-Killbill-ApiKey: bench",
                    "X-Killbill-ApiSecret: bench");
        }
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(15, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        Folders.delete(folder);
        try (Connection connection = bed.database("auth");
                Statement sql = connection.createStatement()) {
            sql.execute("drop database if exists " + DATABASE + " with (force)");
        } catch (SQLException left) {
            throw new IOException(left);
        }
    }
}
