package dev.parley.agent.provider.anthropic;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.PdfFileContent;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.anthropic.AnthropicChatModel;
import dev.langchain4j.model.anthropic.AnthropicStreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.output.TokenUsage;
import dev.parley.agent.provider.LlmEndpoint;
import dev.parley.agent.provider.LlmFailure;
import dev.parley.agent.provider.LlmFormat;
import dev.parley.agent.provider.LlmMessage;
import dev.parley.agent.provider.LlmProvider;
import dev.parley.agent.provider.LlmReply;
import dev.parley.agent.provider.LlmRequest;
import dev.parley.agent.provider.ReadableFiles;
import dev.parley.agent.provider.wire.ProviderTransport;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** Speaks Anthropic's {@code POST /messages}. */
@Singleton
public class AnthropicProvider implements LlmProvider {
    private static final int MODELS_KEPT = 2000;
    private static final Duration KEPT = Duration.ofMinutes(5);
    private static final String CUT = "The model provider broke off its answer.";
    private static final String UNREADABLE = "The model provider's answer is unreadable.";

    private final ProviderTransport transport;
    private final AnthropicConfig config;
    private final Cache<LlmEndpoint, AnthropicChatModel> whole = cache();
    private final Cache<LlmEndpoint, AnthropicStreamingChatModel> pieces = cache();

    @Inject
    public AnthropicProvider(ProviderTransport transport, AnthropicConfig config) {
        this.transport = transport;
        this.config = config;
    }

    /** Clients hold a key in clear, so that they do not outlive its use for long. */
    private static <T> Cache<LlmEndpoint, T> cache() {
        return Caffeine.newBuilder()
                .maximumSize(MODELS_KEPT)
                .expireAfterAccess(KEPT)
                .build();
    }

    @Override
    public String kind() {
        return "anthropic";
    }

    @Override
    public Set<String> reads() {
        return Set.of(ReadableFiles.PDF);
    }

    @Override
    public LlmReply complete(LlmEndpoint endpoint, LlmRequest request) {
        ChatRequest asked = asked(request);
        ChatResponse response;
        try {
            response = TransportHttpClient.offering(
                    request.tools(), () -> whole.get(endpoint, this::whole).chat(asked));
        } catch (RuntimeException failure) {
            throw asFailure(failure);
        }
        return reply(response, request);
    }

    @Override
    public LlmReply stream(LlmEndpoint endpoint, LlmRequest request, Consumer<String> delta) {
        ChatRequest asked = asked(request);
        AtomicReference<ChatResponse> response = new AtomicReference<>();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        StreamingChatResponseHandler handler = new StreamingChatResponseHandler() {
            @Override
            public void onPartialResponse(String piece) {
                delta.accept(piece);
            }

            @Override
            public void onCompleteResponse(ChatResponse complete) {
                response.set(complete);
            }

            @Override
            public void onError(Throwable error) {
                failure.compareAndSet(null, error);
            }
        };
        try {
            TransportHttpClient.offering(request.tools(), () -> {
                pieces.get(endpoint, this::pieces).chat(asked, handler);
                return true;
            });
        } catch (RuntimeException thrown) {
            throw asFailure(thrown);
        }
        if (failure.get() != null) {
            throw asFailure(failure.get());
        }
        if (response.get() == null) {
            throw new LlmFailure(LlmFailure.Reason.FAILED, CUT);
        }
        return reply(response.get(), request);
    }

    private AnthropicChatModel whole(LlmEndpoint endpoint) {
        return AnthropicChatModel.builder()
                .httpClientBuilder(TransportHttpClient.builder(transport))
                .baseUrl(endpoint.baseUrl())
                .apiKey(endpoint.apiKey() == null ? "none" : endpoint.apiKey())
                .version(config.version())
                .maxTokens(config.maxTokens())
                .maxRetries(0)
                .build();
    }

    private AnthropicStreamingChatModel pieces(LlmEndpoint endpoint) {
        return AnthropicStreamingChatModel.builder()
                .httpClientBuilder(TransportHttpClient.builder(transport))
                .baseUrl(endpoint.baseUrl())
                .apiKey(endpoint.apiKey() == null ? "none" : endpoint.apiKey())
                .version(config.version())
                .maxTokens(config.maxTokens())
                .build();
    }

    /** What cannot be said on this wire is the request's fault, and nobody was called. */
    private ChatRequest asked(LlmRequest request) {
        try {
            return toChatRequest(request);
        } catch (RuntimeException unfit) {
            throw new LlmFailure(
                    LlmFailure.Reason.REJECTED, "The conversation cannot be put to this model provider.", unfit);
        }
    }

    private ChatRequest toChatRequest(LlmRequest request) {
        List<ChatMessage> messages = new ArrayList<>(request.messages().size());
        for (LlmMessage message : request.messages()) {
            messages.add(
                    switch (message.role()) {
                        case SYSTEM -> SystemMessage.from(message.text());
                        case ASSISTANT -> assistant(message);
                        case USER -> UserMessage.from(contents(message));
                        case TOOL -> result(message);
                    });
        }
        if (request.format() != null) {
            messages.add(SystemMessage.from(inWords(request.format())));
        }
        ChatRequest.Builder builder = ChatRequest.builder()
                .messages(messages)
                .modelName(request.model())
                .maxOutputTokens(request.maxTokens() == null ? config.maxTokens() : request.maxTokens());
        if (request.temperature() != null) {
            builder.temperature(request.temperature());
        }
        if (!request.stop().isEmpty()) {
            builder.stopSequences(request.stop());
        }
        if (!request.tools().isEmpty()) {
            AnthropicTools.add(request.tools(), builder);
        }
        return builder.build();
    }

    /** The wire has no word for the form of a reply. */
    private static String inWords(LlmFormat format) {
        String wanted = "Answer with nothing but one JSON object, without any text around it.";
        return format.schema() == null ? wanted : wanted + " It has to fit this JSON Schema: " + format.schema();
    }

    private static AiMessage assistant(LlmMessage message) {
        AiMessage.Builder builder = AiMessage.builder();
        String text = message.text();
        if (!text.isEmpty()) {
            builder.text(text);
        }
        List<LlmMessage.ToolCall> calls = message.toolCalls();
        if (!calls.isEmpty()) {
            builder.toolExecutionRequests(
                    calls.stream().map(AnthropicTools::request).toList());
        } else if (text.isEmpty()) {
            builder.text(" ");
        }
        return builder.build();
    }

    private static ToolExecutionResultMessage result(LlmMessage message) {
        LlmMessage.ToolResult result = (LlmMessage.ToolResult) message.parts().getFirst();
        return ToolExecutionResultMessage.from(result.callId(), result.name(), result.text());
    }

    private static List<Content> contents(LlmMessage message) {
        List<Content> contents = new ArrayList<>(message.parts().size());
        for (LlmMessage.Part part : message.parts()) {
            contents.add(
                    switch (part) {
                        case LlmMessage.Text(String text) -> TextContent.from(text);
                        case LlmMessage.Image(String url) -> image(url);
                        case LlmMessage.File(String type, String name, String data) -> PdfFileContent.from(data, type);
                        case LlmMessage.ToolCall call ->
                            throw new IllegalArgumentException("a user calls no functions");
                        case LlmMessage.ToolResult result ->
                            throw new IllegalArgumentException("a result is a message of its own");
                    });
        }
        return contents;
    }

    private static ImageContent image(String url) {
        int comma = url.indexOf(',');
        if (url.startsWith("data:") && comma > 0) {
            String type = url.substring("data:".length(), comma).replace(";base64", "");
            return ImageContent.from(url.substring(comma + 1), type);
        }
        return ImageContent.from(url);
    }

    private static LlmReply reply(ChatResponse response, LlmRequest request) {
        if (response.finishReason() == null) {
            throw new LlmFailure(LlmFailure.Reason.FAILED, CUT);
        }
        String text = response.aiMessage().text();
        String model = response.modelName();
        return new LlmReply(
                text == null ? "" : text,
                model == null ? request.model() : model,
                StopReason.of(response),
                usage(response.tokenUsage()),
                AnthropicTools.calls(response.aiMessage()));
    }

    private static LlmReply.Usage usage(TokenUsage usage) {
        return usage == null || usage.inputTokenCount() == null || usage.outputTokenCount() == null
                ? null
                : new LlmReply.Usage(usage.inputTokenCount(), usage.outputTokenCount());
    }

    private static LlmFailure asFailure(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof LlmFailure failure) {
                return failure;
            }
        }
        return new LlmFailure(LlmFailure.Reason.FAILED, UNREADABLE, thrown);
    }
}
