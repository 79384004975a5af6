package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.e2e.support.Judges;
import dev.parley.e2e.support.Stack;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** The official client of a model's vendor judges the simulator that our provider is tried with. */
@Order(33)
class ModelJudgeE2E {
    @Test
    void anthropicsClientTakesTheSimulatorForAnthropic() throws Exception {
        String verdict =
                Judges.run("anthropic.mjs", Map.of("SIMULATORS", Stack.running().simulatorsUrl()));

        assertThat(verdict.lines().toList().getLast()).isEqualTo("""
                {"errors":{"key":"AuthenticationError 401 authentication_error",\
                "request":"BadRequestError 400 invalid_request_error",\
                "busy":"RateLimitError 429 rate_limit_error",\
                "overloaded":"OverloadedError 529 overloaded_error",\
                "broken":"InternalServerError 500 api_error","cut":"APIError overloaded_error"},\
                "whole":["assistant","Got it: “It is blue”. ","end_turn",16],"streamed":[true,"end_turn",true],\
                "ends":["max_tokens","stop_sequence","blue"],"picture":101,\
                "functions":["tool_use",["Pune","Goa"],["Pune","Goa"],"Let me see.","It is warm."]}\
                """);
    }
}
