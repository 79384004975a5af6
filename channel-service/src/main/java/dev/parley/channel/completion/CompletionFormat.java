package dev.parley.channel.completion;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.channel.answer.LiveAnswer.Delta;
import dev.parley.channel.answer.LiveAnswer.Done;
import dev.parley.channel.answer.LiveAnswer.Failed;
import dev.parley.channel.answer.LiveAnswer.Frame;
import dev.parley.channel.answer.LiveAnswer.Left;
import dev.parley.channel.message.MessageStreams;
import dev.parley.channel.outbound.RunResult;
import dev.parley.channel.turn.Answer;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.problem.ProblemCompletion;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** One answer in OpenAI's wire format: whole, or as chunks. A new one is made for each answer. */
final class CompletionFormat implements MessageStreams.Format {
    private static final Logger LOG = Logger.getLogger(CompletionFormat.class);
    private static final byte[] DATA = "data: ".getBytes(StandardCharsets.UTF_8);
    private static final byte[] END = "\n\n".getBytes(StandardCharsets.UTF_8);
    private static final byte[] DONE = "data: [DONE]\n\n".getBytes(StandardCharsets.UTF_8);

    private final ObjectMapper json;
    private final String id;
    private final String model;
    private final long created;
    private final boolean includeUsage;
    private final Function<Answer, List<RunResult.ToolCall>> toolCalls;
    private boolean begun;

    /** @param toolCalls gives the functions that an answer calls */
    CompletionFormat(
            ObjectMapper json,
            String id,
            String model,
            long created,
            boolean includeUsage,
            Function<Answer, List<RunResult.ToolCall>> toolCalls) {
        this.json = json;
        this.id = id;
        this.model = model;
        this.created = created;
        this.includeUsage = includeUsage;
        this.toolCalls = toolCalls;
    }

    /** The whole answer. */
    ObjectNode whole(Answer answer) {
        ObjectNode completion = json.createObjectNode()
                .put("id", id)
                .put("object", "chat.completion")
                .put("created", created)
                .put("model", model);
        ObjectNode choice = completion.putArray("choices").addObject().put("index", 0);
        List<RunResult.ToolCall> calls = toolCalls.apply(answer);
        String text = answer.reply().text();
        ObjectNode message = choice.putObject("message").put("role", "assistant");
        message.put("content", calls.isEmpty() || !text.isEmpty() ? text : null).putNull("refusal");
        if (!calls.isEmpty()) {
            ArrayNode list = message.putArray("tool_calls");
            calls.forEach(call -> describe(list.addObject(), call));
        }
        choice.putNull("logprobs").put("finish_reason", finishReason(answer));
        completion.set("usage", usage(answer));
        return completion;
    }

    @Override
    public void write(Frame frame, OutputStream out) throws IOException {
        switch (frame) {
            case Delta delta -> text(delta.text(), out);
            case Done done -> end(done.answer(), out);
            case Left left -> throw new IllegalStateException("nobody takes over what its caller keeps");
            case Failed failed -> fail(failed.failure(), out);
        }
    }

    private void text(String text, OutputStream out) throws IOException {
        begin(out);
        ObjectNode delta = json.createObjectNode().put("content", text);
        send(chunk(delta, null), out);
    }

    private void end(Answer answer, OutputStream out) throws IOException {
        List<RunResult.ToolCall> calls;
        try {
            calls = toolCalls.apply(answer);
        } catch (RuntimeException unknown) {
            fail(unknown, out);
            return;
        }
        if (!begun && !calls.isEmpty() && answer.reply().text().isEmpty()) {
            begun = true;
            send(chunk(json.createObjectNode().put("role", "assistant").putNull("content"), null), out);
        } else if (!begun) {
            text(answer.reply().text(), out);
        }
        for (int i = 0; i < calls.size(); i++) {
            ObjectNode delta = json.createObjectNode();
            describe(delta.putArray("tool_calls").addObject().put("index", i), calls.get(i));
            send(chunk(delta, null), out);
        }
        send(chunk(json.createObjectNode(), finishReason(answer)), out);
        if (includeUsage) {
            ObjectNode last = head();
            last.putArray("choices");
            last.set("usage", usage(answer));
            send(last, out);
        }
        out.write(DONE);
    }

    private static void describe(ObjectNode into, RunResult.ToolCall call) {
        into.put("id", call.id()).put("type", "function");
        into.putObject("function").put("name", call.name()).put("arguments", call.arguments());
    }

    private void fail(RuntimeException failure, OutputStream out) throws IOException {
        Problem problem = failure instanceof Problem known ? known : new Problem(CommonProblem.INTERNAL_ERROR, failure);
        if (problem != failure) {
            LOG.error("a completion failed", failure);
        }
        String message = problem.detail() == null ? problem.type().title() : problem.detail();
        ObjectNode frame = json.createObjectNode();
        frame.set(
                "error",
                json.valueToTree(ProblemCompletion.openAiError(
                        problem.type().status(), problem.type().name(), message)));
        send(frame, out);
    }

    private void begin(OutputStream out) throws IOException {
        if (!begun) {
            begun = true;
            send(chunk(json.createObjectNode().put("role", "assistant").put("content", ""), null), out);
        }
    }

    private ObjectNode chunk(ObjectNode delta, @Nullable String finishReason) {
        ObjectNode chunk = head();
        ObjectNode choice = chunk.putArray("choices").addObject().put("index", 0);
        choice.set("delta", delta);
        choice.putNull("logprobs").put("finish_reason", finishReason);
        if (includeUsage) {
            chunk.putNull("usage");
        }
        return chunk;
    }

    private ObjectNode head() {
        return json.createObjectNode()
                .put("id", id)
                .put("object", "chat.completion.chunk")
                .put("created", created)
                .put("model", model);
    }

    private void send(ObjectNode data, OutputStream out) throws IOException {
        out.write(DATA);
        out.write(json.writeValueAsBytes(data));
        out.write(END);
    }

    private ObjectNode usage(Answer answer) {
        long input = answer.usage().inputTokens();
        long output = answer.usage().outputTokens();
        return json.createObjectNode()
                .put("prompt_tokens", input)
                .put("completion_tokens", output)
                .put("total_tokens", input + output);
    }

    private static String finishReason(Answer answer) {
        return answer.reply().finishReason() == null ? "stop" : answer.reply().finishReason();
    }
}
