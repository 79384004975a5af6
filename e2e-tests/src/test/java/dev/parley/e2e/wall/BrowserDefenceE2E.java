package dev.parley.e2e.wall;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.e2e.support.Api;
import dev.parley.e2e.support.Api.Answer;
import dev.parley.e2e.support.Stack;
import dev.parley.testing.WallReport;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** A page of another site has the browser, its cookie, and nothing else: no operation that changes something listens. */
@Order(74)
class BrowserDefenceE2E {
    private static final String EVIL = "https://evil.example";
    private static final String CUSTOM_HEADER = "X-Parley-CSRF";
    private static Contract contract;
    private static Api browser;

    /** What a page of another site, or a forgetful one of ours, can send along with the cookie. */
    private record Trick(String name, Map<String, String> headers, String contentType, String body) {}

    @BeforeAll
    static void logIn() {
        contract = Contract.of(Api.anonymous().get("/openapi").expect(200).body());
        browser = Api.anonymous().with("Cookie", BrowserCookie.of("owner@demo.parley.local", "parley-demo-owner"));
    }

    @Test
    void nothingChangesForAnotherSite() {
        List<Operation> unsafe =
                contract.operations().stream().filter(one -> !one.isSafe()).toList();
        List<Trick> tricks = tricks();
        String before = state();

        List<String> heard = new ArrayList<>();
        for (Operation operation : unsafe) {
            for (Trick trick : tricks) {
                Api page = browser;
                for (Map.Entry<String, String> header : trick.headers().entrySet()) {
                    page = page.with(header.getKey(), header.getValue());
                }
                Answer answer = page.raw(
                        operation.method(),
                        Household.pathOfNobody(operation),
                        trick.body().getBytes(StandardCharsets.UTF_8),
                        trick.contentType());
                if (answer.status() != 403 || !answer.text("code").equals("CSRF_REJECTED")) {
                    heard.add(
                            operation + " with " + trick.name() + " answered " + answer.status() + " " + answer.raw());
                }
            }
        }

        assertThat(heard).isEmpty();
        assertThat(state()).isEqualTo(before);
        WallReport.section(
                "Browsers",
                List.of(
                        "%d operations that change something × %d requests that another site can make with our cookie (%s): all 403, nothing changed."
                                .formatted(
                                        unsafe.size(),
                                        tricks.size(),
                                        String.join(
                                                "; ",
                                                tricks.stream().map(Trick::name).toList()))));
    }

    @Test
    void ourOwnPageMayChangeThings() {
        String name = browser.get("/api/v1/tenant").expect(200).text("name");

        browser.with("Origin", Stack.running().publicUrl())
                .with(CUSTOM_HEADER, "1")
                .with("Sec-Fetch-Site", "same-origin")
                .patch("/api/v1/tenant", Map.of("name", name))
                .expect(200);
    }

    @Test
    void aMethodInAHeaderIsNotHeard() {
        for (Operation operation : contract.operations()) {
            boolean readable = !operation.isSafe()
                    && contract.find("GET", operation.path()).isPresent();
            if (readable && !operation.isPublic()) {
                String path = Household.pathOfNobody(operation);
                Answer plain = browser.get(path);
                for (String header : List.of("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override")) {
                    Answer tricked =
                            browser.with(header, operation.method()).get(path + "?_method=" + operation.method());
                    assertThat(tricked.status()).as(header + " " + operation).isEqualTo(plain.status());
                }
            }
        }
    }

    @Test
    void noOtherSiteMayReadAnAnswer() {
        for (String origin : List.of(
                EVIL, "null", "http://localhost.evil.example", Stack.running().publicUrl() + ".evil.example")) {
            Answer read = browser.with("Origin", origin).get("/api/v1/tenant");
            assertThat(read.header("Access-Control-Allow-Origin")).as(origin).isNull();
            assertThat(read.header("Access-Control-Allow-Credentials"))
                    .as(origin)
                    .isNull();
            Answer asked = Api.anonymous()
                    .with("Origin", origin)
                    .with("Access-Control-Request-Method", "DELETE")
                    .with("Access-Control-Request-Headers", CUSTOM_HEADER)
                    .call("OPTIONS", "/api/v1/tenant", null);
            assertThat(asked.header("Access-Control-Allow-Origin")).as(origin).isNull();
            assertThat(asked.header("Access-Control-Allow-Methods")).as(origin).isNull();
        }
    }

    @Test
    void aNewAddressInAHeaderIsNoNewAddress() throws Exception {
        int requests = 300;
        Answer first = Api.anonymous().get("/api/v1/me").expect(401);
        long begun = System.nanoTime();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Answer>> sent = new ArrayList<>();
            for (int i = 0; i < requests; i++) {
                String address = "203.0.113." + i % 250;
                sent.add(threads.submit(() -> Api.anonymous()
                        .with("X-Forwarded-For", address)
                        .with("X-Real-IP", address)
                        .with("Forwarded", "for=" + address)
                        .get("/api/v1/me")));
            }
            for (Future<Answer> one : sent) {
                assertThat(one.get().status()).isIn(401, 429);
            }
        }
        Answer last = Api.anonymous().with("X-Forwarded-For", "198.51.100.1").get("/api/v1/me");
        double refilled = (System.nanoTime() - begun) / 1e9 * 200;

        assertThat(left(last)).isLessThanOrEqualTo((int) (left(first) - requests + refilled + 2));
    }

    private static List<Trick> tricks() {
        String ours = Stack.running().publicUrl();
        String json = "application/json";
        List<Trick> tricks = new ArrayList<>();
        tricks.add(new Trick("the cookie alone", Map.of(), json, "{}"));
        tricks.add(new Trick("no Origin", Map.of(CUSTOM_HEADER, "1"), json, "{}"));
        tricks.add(new Trick("an evil Origin", Map.of("Origin", EVIL, CUSTOM_HEADER, "1"), json, "{}"));
        tricks.add(new Trick("Origin null", Map.of("Origin", "null", CUSTOM_HEADER, "1"), json, "{}"));
        tricks.add(new Trick(
                "our Origin with a suffix", Map.of("Origin", ours + ".evil.example", CUSTOM_HEADER, "1"), json, "{}"));
        tricks.add(new Trick("our Origin without the custom header", Map.of("Origin", ours), json, "{}"));
        tricks.add(new Trick("a text/plain body", Map.of("Origin", EVIL), "text/plain", "{\"a\":\"=\"}"));
        tricks.add(new Trick("a form", Map.of("Origin", EVIL), "application/x-www-form-urlencoded", "a=b"));
        tricks.add(new Trick("a file form", Map.of("Origin", EVIL), "multipart/form-data; boundary=x", "--x--"));
        tricks.add(new Trick("Sec-Fetch-Site cross-site", site(ours, "cross-site"), json, "{}"));
        tricks.add(new Trick("Sec-Fetch-Site same-site", site(ours, "same-site"), json, "{}"));
        tricks.add(new Trick(
                "a method-override header", Map.of("Origin", EVIL, "X-HTTP-Method-Override", "GET"), json, "{}"));
        return tricks;
    }

    private static Map<String, String> site(String origin, String site) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Origin", origin);
        headers.put(CUSTOM_HEADER, "1");
        headers.put("Sec-Fetch-Site", site);
        return headers;
    }

    /** What the logged-in person sees of its tenant. */
    private static String state() {
        StringBuilder state = new StringBuilder();
        contract.operations().stream()
                .filter(one -> one.isSafe()
                        && !one.isPublic()
                        && !one.forStaff()
                        && one.inPath().isEmpty())
                .forEach(one -> state.append(one)
                        .append(' ')
                        .append(Volatile.hidden(browser.get(one.path()).raw()))
                        .append('\n'));
        return state.toString();
    }

    private static int left(Answer answer) {
        return Integer.parseInt(answer.header("RateLimit").replaceAll(".*r=(\\d+).*", "$1"));
    }
}
