package dev.parley.channel.completion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.channel.outbound.PromptMessage;
import dev.parley.channel.outbound.RunParameters;
import dev.parley.platform.problem.Problem;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompletionRequestTest {
    private static final String USER = "\"model\":\"concierge\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";
    private final ObjectMapper json = new ObjectMapper();

    @Test
    void aWholeRequestIsRead() throws Exception {
        CompletionRequest request = read("""
            {"model":"concierge","user":"u1","stream":true,"stream_options":{"include_usage":true},
             "temperature":0.5,"max_completion_tokens":7,"stop":["a","b"],"top_p":0.9,"seed":1,
             "messages":[{"role":"developer","content":"be brief"},{"role":"user","content":"first"},
              {"role":"assistant","content":"yes"},
              {"role":"user","content":[{"type":"text","text":"second"},{"type":"image_url","image_url":{"url":"https://x/y.png"}}]}]}
            """);

        assertThat(request.model()).isEqualTo("concierge");
        assertThat(request.user()).isEqualTo("u1");
        assertThat(request.stream()).isTrue();
        assertThat(request.includeUsage()).isTrue();
        assertThat(request.parameters()).isEqualTo(new RunParameters(0.5, 7, List.of("a", "b")));
        assertThat(request.text()).isEqualTo("second\n[image]");
        assertThat(request.messages()).hasSize(4);
        assertThat(request.messages().getFirst()).isEqualTo(new PromptMessage("developer", "be brief"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"n\":2 | UNSUPPORTED_PARAMETER",
                "\"functions\":[{\"name\":\"f\"}] | UNSUPPORTED_PARAMETER",
                "\"logprobs\":true | UNSUPPORTED_PARAMETER",
                "\"tenant_id\":\"x\" | UNSUPPORTED_PARAMETER",
                "\"temperature\":3 | COMPLETION_NOT_VALID",
                "\"temperature\":\"hot\" | COMPLETION_NOT_VALID",
                "\"max_tokens\":0 | COMPLETION_NOT_VALID",
                "\"max_tokens\":1.5 | COMPLETION_NOT_VALID",
                "\"stop\":[1] | COMPLETION_NOT_VALID",
                "\"stop\":[\"a\",\"b\",\"c\",\"d\",\"e\"] | COMPLETION_NOT_VALID",
                "\"stream\":\"yes\" | COMPLETION_NOT_VALID",
                "\"user\":7 | COMPLETION_NOT_VALID",
            })
    void whatCannotBeDoneIsRefusedAndNotIgnored(String member, String code) {
        refused("{" + USER + "," + member.strip() + "}", code);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[] | COMPLETION_NOT_VALID",
                "{} | COMPLETION_NOT_VALID",
                "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]} | COMPLETION_NOT_VALID",
                "{\"model\":\"m\",\"messages\":[]} | COMPLETION_NOT_VALID",
                "{\"model\":\"m\",\"messages\":[{\"role\":\"system\",\"content\":\"x\"}]} | COMPLETION_NOT_VALID",
                "{\"model\":\"m\",\"messages\":[{\"role\":\"tool\",\"content\":\"x\"}]} | COMPLETION_NOT_VALID",
                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":7}]} | COMPLETION_NOT_VALID",
                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_audio\"}]}]} |"
                        + " COMPLETION_NOT_VALID",
            })
    void whatMakesNoSenseIsRefused(String body, String code) {
        refused(body, code);
    }

    @Test
    void functionsTheirResultsAndTheFormOfTheReplyGoToTheAgentAsTheyAre() throws Exception {
        CompletionRequest request = read("""
            {"model":"concierge","tools":[{"type":"function","function":{"name":"weather"}}],"tool_choice":"required",
             "response_format":{"type":"json_object"},"parallel_tool_calls":false,
             "messages":[{"role":"user","content":"How is it?"},
              {"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"weather","arguments":"{}"}}]},
              {"role":"tool","tool_call_id":"c1","content":"31 degrees"}]}
            """);

        assertThat(request.parameters().tools())
                .hasToString("[{\"type\":\"function\",\"function\":{\"name\":\"weather\"}}]");
        assertThat(request.parameters().toolChoice()).hasToString("\"required\"");
        assertThat(request.parameters().responseFormat()).hasToString("{\"type\":\"json_object\"}");
        assertThat(request.messages().get(1).content()).isNull();
        assertThat(request.messages().get(1).toolCalls().at("/0/id").asText()).isEqualTo("c1");
        assertThat(request.messages().get(2)).isEqualTo(new PromptMessage("tool", "31 degrees", null, "c1"));
        assertThat(request.text()).isEqualTo("31 degrees");
    }

    private void refused(String body, String code) {
        assertThatThrownBy(() -> read(body)).isInstanceOfSatisfying(Problem.class, problem -> assertThat(
                        problem.type().name())
                .isEqualTo(code));
    }

    private CompletionRequest read(String body) throws Exception {
        return CompletionRequest.read(json.readTree(body), json);
    }
}
