package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.e2e.support.Customer;
import dev.parley.e2e.support.Judges;
import dev.parley.e2e.support.Plans;
import dev.parley.e2e.support.Stack;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** A developer uses Parley's own clients: both do the same, and are told the same. */
@Order(37)
class ClientsE2E {
    private static final String VERDICT = """
        {"answer":["stop",true,1,true],"stream":[true,true,1],"roles":["assistant","user","assistant","user"],\
        "conversations":2,"media":["image/png",70,true,1],"contacts":[["Ana","de"]],"credits":97,\
        "usage":[["message",1]],"agents":true,\
        "errors":["402 CREDITS_EXHAUSTED 36","402 CREDITS_EXHAUSTED 36","404 NOT_FOUND 36","401"],\
        "webhooks":["webhook.test","webhook.test","webhook.test","webhook.test","WebhookVerificationError",2],\
        "known":{"test":2432232314}}\
        """;

    @Test
    void theClientForJavaScriptDoesWhatItsReadmeSays() throws Exception {
        JsonNode verdict = read(Judges.run("clients.mjs", settings()));

        assertThat(((ObjectNode) verdict).remove("live"))
                .hasToString("[\"stream.opened\",\"channel.message-sent.v1\"]");
        assertThat(verdict).hasToString(VERDICT);
    }

    @Test
    void theClientForPythonDoesWhatItsReadmeSays() throws Exception {
        assumeTrue(Judges.havePython(), "there is no Python 3.10 here");

        JsonNode verdict = read(Judges.runPython("clients.py", "../../clients/python/src", settings()));

        assertThat(verdict).hasToString(VERDICT);
    }

    private static Map<String, String> settings() {
        return Map.of(
                "BASE_URL",
                Stack.running().gatewayUrl(),
                "API_KEY",
                Customer.signUp().subscribe(Plans.withCredits(100)).apiKey(),
                "BROKE_KEY",
                Customer.signUp().subscribe(Plans.withCredits(0)).apiKey());
    }

    private static JsonNode read(String printed) throws Exception {
        return new ObjectMapper().readTree(printed.lines().toList().getLast());
    }
}
