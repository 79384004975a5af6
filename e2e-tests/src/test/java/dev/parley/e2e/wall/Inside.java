package dev.parley.e2e.wall;

import dev.parley.e2e.support.Api;
import dev.parley.e2e.support.Api.Answer;
import dev.parley.e2e.support.Stack;
import dev.parley.local.Part;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** The services behind the gateway, as somebody on the inside reaches them. */
final class Inside {
    /** The services that have tenants' data. */
    static final List<Part> SERVICES = List.of(
            Part.AUTH_SERVICE, Part.POLICY_SERVICE, Part.AGENT_SERVICE, Part.BILLING_SERVICE, Part.CHANNEL_SERVICE);

    private static final Properties SECRETS = secrets();

    private Inside() {}

    /** A service's own port, without any credential. */
    static Api port(Part service) {
        return Api.of("http://127.0.0.1:" + Stack.running().ports().of(service));
    }

    /** The answer to the gateway's question what a credential is worth. */
    static Answer exchange(String kind, String credential) {
        return port(Part.AUTH_SERVICE)
                .post(
                        "/internal/context-exchanges",
                        Map.of(
                                "service",
                                "gateway",
                                "secret",
                                secretOf("gateway"),
                                "kind",
                                kind,
                                "credential",
                                credential));
    }

    /** A person's tenant context, as the gateway gets it. */
    static String contextOf(Api person) {
        return exchange("bearer", person.token()).expect(200).text("token");
    }

    /** A service's own context for a tenant; for one audience where contexts have one. */
    static String contextOf(String service, String tenant, String audience) {
        Map<String, Object> request = new LinkedHashMap<>();
        request.put("service", service);
        request.put("secret", secretOf(service));
        request.put("tenant_id", tenant);
        Answer plain = port(Part.AUTH_SERVICE).post("/internal/service-contexts", request);
        if (plain.status() == 200) {
            return plain.text("token");
        }
        request.put("audience", audience);
        return port(Part.AUTH_SERVICE)
                .post("/internal/service-contexts", request)
                .expect(200)
                .text("token");
    }

    static String secretOf(String service) {
        return SECRETS.getProperty("service." + service);
    }

    private static Properties secrets() {
        Properties properties = new Properties();
        try (var file = Files.newBufferedReader(Stack.running().dataDirectory().resolve("secrets.properties"))) {
            properties.load(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties;
    }
}
