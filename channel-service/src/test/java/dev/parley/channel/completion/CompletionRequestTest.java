package dev.parley.channel.completion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
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
    private static final String PICTURE = "has an image_url whose url is neither an https address nor a data:image URL";
    private static final String FILE =
            "has a file that is not a PDF or audio (mpeg, wav, ogg, mp4) in base64, as a data: URL in file_data";
    private static final String AUDIO = "has an input_audio that is not mp3, wav, ogg or m4a, in base64";

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
    void filesAndAudioGoToTheAgentAsFilesWithTheirBytes() throws Exception {
        CompletionRequest request = read("""
            {"model":"concierge","messages":[{"role":"user","content":[
              {"type":"text","text":"What are these?"},
              {"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw==","detail":"low"}},
              {"type":"file","file":{"filename":"order.pdf","file_data":"data:application/pdf;base64,JVBERg=="}},
              {"type":"file","file":{"file_data":"data:audio/mp4;base64,AAAA"}},
              {"type":"input_audio","input_audio":{"data":"SUQz","format":"mp3"}},
              {"type":"input_audio","input_audio":{"data":"UklGRg==","format":"wav"}},
              {"type":"input_audio","input_audio":{"data":"T2dn","format":"ogg"}},
              {"type":"input_audio","input_audio":{"data":"AAAA","format":"m4a"}}]}]}
            """);

        JsonNode given = json.valueToTree(request.messages().getFirst().content());
        assertThat(given).isEqualTo(json.readTree("""
            [{"type":"text","text":"What are these?"},
             {"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw==","detail":"low"}},
             {"type":"file","file":{"filename":"order.pdf","file_data":"data:application/pdf;base64,JVBERg=="}},
             {"type":"file","file":{"file_data":"data:audio/mp4;base64,AAAA"}},
             {"type":"file","file":{"file_data":"data:audio/mpeg;base64,SUQz"}},
             {"type":"file","file":{"file_data":"data:audio/wav;base64,UklGRg=="}},
             {"type":"file","file":{"file_data":"data:audio/ogg;base64,T2dn"}},
             {"type":"file","file":{"file_data":"data:audio/mp4;base64,AAAA"}}]
            """));
        assertThat(request.text())
                .isEqualTo("What are these?\n[image]\n[file]\n[audio]\n[audio]\n[audio]\n[audio]\n[audio]");
    }

    @Test
    void nothingHidesBesideAPart() throws Exception {
        CompletionRequest request = read("""
            {"model":"m","messages":[{"role":"user","content":[
              {"type":"text","text":"x","image_url":{"url":"/api/v1/media/0190dead-0000-7000-8000-0000000000aa"}},
              {"type":"image_url","image_url":{"url":"https://x/y.png"},"file":{"file_data":"/api/v1/media/x"}}]}]}
            """);

        JsonNode given = json.valueToTree(request.messages().getFirst().content());
        assertThat(given).isEqualTo(json.readTree("""
            [{"type":"text","text":"x"},{"type":"image_url","image_url":{"url":"https://x/y.png"}}]
            """));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'type':'text'} | has a part of type text without a text",
                "{'type':'video_url'} | has a part that is none of text, image_url, file and input_audio",
                "{'type':'image_url','image_url':{'url':'/api/v1/media/0190dead-0000-7000-8000-0000000000aa'}} | "
                        + PICTURE,
                "{'type':'image_url','image_url':{'url':'http://x/y.png'}} | " + PICTURE,
                "{'type':'image_url','image_url':{'url':'data:text/html,x'}} | " + PICTURE,
                "{'type':'file'} | " + FILE,
                "{'type':'file','file':{'file_id':'file-1'}} | " + FILE,
                "{'type':'file','file':{'file_data':'https://x/y.pdf'}} | " + FILE,
                "{'type':'file','file':{'file_data':'/api/v1/media/0190dead-0000-7000-8000-0000000000aa'}} | " + FILE,
                "{'type':'file','file':{'file_data':'data:application/zip;base64,AAAA'}} | " + FILE,
                "{'type':'file','file':{'file_data':'data:application/pdf;base64,'}} | " + FILE,
                "{'type':'file','file':{'file_data':'data:application/pdf;base64,A A='}} | " + FILE,
                "{'type':'file','file':{'filename':7,'file_data':'data:application/pdf;base64,AAAA'}} |"
                        + " has a filename that is not a text of at most 255 characters",
                "{'type':'input_audio'} | " + AUDIO,
                "{'type':'input_audio','input_audio':{'data':'AAAA','format':'exe'}} | " + AUDIO,
                "{'type':'input_audio','input_audio':{'data':'','format':'mp3'}} | " + AUDIO,
                "{'type':'input_audio','input_audio':{'data':'https://x/y.mp3','format':'mp3'}} | " + AUDIO,
            })
    void aPartThatNoAgentReadsIsRefusedAndSaysWhy(String part, String why) {
        assertThatThrownBy(() -> read("{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":["
                        + part.replace('\'', '"') + "]}]}"))
                .isInstanceOfSatisfying(Problem.class, problem -> {
                    assertThat(problem.type()).isEqualTo(CompletionProblem.COMPLETION_NOT_VALID);
                    assertThat(problem.detail()).isEqualTo("messages[0].content " + why);
                });
    }

    @Test
    void aNameOf256CharactersIsRefusedAndOneOf255IsNot() throws Exception {
        String file = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"file\",\"file\":"
                + "{\"filename\":\"NAME\",\"file_data\":\"data:application/pdf;base64,AAAA\"}}]}]}";

        assertThat(read(file.replace("NAME", "n".repeat(255))).text()).isEqualTo("[file]");
        refused(file.replace("NAME", "n".repeat(256)), "COMPLETION_NOT_VALID");
    }

    @ParameterizedTest
    @CsvSource({"system", "assistant"})
    void onlyTheUserGivesFiles(String role) {
        for (String part : List.of(
                "{\"type\":\"file\",\"file\":{\"file_data\":\"data:application/pdf;base64,AAAA\"}}",
                "{\"type\":\"input_audio\",\"input_audio\":{\"data\":\"AAAA\",\"format\":\"mp3\"}}")) {
            refused(
                    "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"},{\"role\":\"" + role
                            + "\",\"content\":[" + part + "]}]}",
                    "COMPLETION_NOT_VALID");
        }
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
