package dev.parley.agent.provider.anthropic;

import io.quarkus.runtime.annotations.RegisterForReflection;

/** The classes that langchain4j reads and writes as JSON, made known to a native build. */
@RegisterForReflection(
        classNames = {
            "dev.langchain4j.model.anthropic.internal.api.AnthropicCacheControl",
            "dev.langchain4j.model.anthropic.internal.api.AnthropicCacheType",
            "dev.langchain4j.model.anthropic.internal.api.AnthropicContent",
            "dev.langchain4j.model.anthropic.internal.api.AnthropicContent$Builder",
            "dev.langchain4j.model.anthropic.internal.api.AnthropicCountTokensRequest",
            "dev.langchain4j.model.anthropic.internal.api.AnthropicCountTokensRequest$Builder",
            "dev.langchain4j.model.anthropic.internal.api.AnthropicCreateMessageRequest",
            "dev.langchain4j.model.anthropic.internal.api.AnthropicCreateMessageRequest$Builder",
            "dev.langchain4j.model.anthropic.internal.api.AnthropicCreateMessageResponse",
            "dev.langchain4j.model.anthropic.internal.api.AnthropicCreateMessageResponse$Builder",
            "dev.langchain4j.model.anthropic.internal.api.AnthropicDelta",
            "dev.langchain4j.model.anthropic.internal.api.AnthropicError",
            "dev.langchain4j.model.anthropic.internal.api.AnthropicFormat",
            "dev.langchain4j.model.anthropic.internal.api.AnthropicFormat$Builder",
            "dev.langchain4j.model.anthropic.internal.api.AnthropicImageContent",
            "dev.langchain4j.model.anthropic.internal.api.AnthropicImageContentSource",
            "dev.langchain4j.model.anthropic.internal.api.AnthropicMessage",
            "dev.langchain4j.model.anthropic.internal.api.AnthropicMessage$Builder",
            "dev.langchain4j.model.anthropic.internal.api.AnthropicMessageContent",
            "dev.langchain4j.model.anthropic.internal.api.AnthropicMetadata",
            "dev.langchain4j.model.anthropic.internal.api.AnthropicMetadata$Builder",
            "dev.langchain4j.model.anthropic.internal.api.AnthropicModelInfo",
            "dev.langchain4j.model.anthropic.internal.api.AnthropicModelsListResponse",
            "dev.langchain4j.model.anthropic.internal.api.AnthropicOutputConfig",
            "dev.langchain4j.model.anthropic.internal.api.AnthropicOutputConfig$Builder",
            "dev.langchain4j.model.anthropic.internal.api.AnthropicOutputFormatType",
            "dev.langchain4j.model.anthropic.internal.api.AnthropicPdfContent",
            "dev.langchain4j.model.anthropic.internal.api.AnthropicPdfContentSource",
            "dev.langchain4j.model.anthropic.internal.api.AnthropicRedactedThinkingContent",
            "dev.langchain4j.model.anthropic.internal.api.AnthropicResponseMessage",
            "dev.langchain4j.model.anthropic.internal.api.AnthropicRole",
            "dev.langchain4j.model.anthropic.internal.api.AnthropicStreamingData",
            "dev.langchain4j.model.anthropic.internal.api.AnthropicStreamingException",
            "dev.langchain4j.model.anthropic.internal.api.AnthropicTextContent",
            "dev.langchain4j.model.anthropic.internal.api.AnthropicThinking",
            "dev.langchain4j.model.anthropic.internal.api.AnthropicThinking$Builder",
            "dev.langchain4j.model.anthropic.internal.api.AnthropicThinkingContent",
            "dev.langchain4j.model.anthropic.internal.api.AnthropicTool",
            "dev.langchain4j.model.anthropic.internal.api.AnthropicTool$Builder",
            "dev.langchain4j.model.anthropic.internal.api.AnthropicToolChoice",
            "dev.langchain4j.model.anthropic.internal.api.AnthropicToolChoice$Builder",
            "dev.langchain4j.model.anthropic.internal.api.AnthropicToolChoiceType",
            "dev.langchain4j.model.anthropic.internal.api.AnthropicToolResultContent",
            "dev.langchain4j.model.anthropic.internal.api.AnthropicToolSchema",
            "dev.langchain4j.model.anthropic.internal.api.AnthropicToolSchema$Builder",
            "dev.langchain4j.model.anthropic.internal.api.AnthropicToolUseContent",
            "dev.langchain4j.model.anthropic.internal.api.AnthropicToolUseContent$Builder",
            "dev.langchain4j.model.anthropic.internal.api.AnthropicUsage",
            "dev.langchain4j.model.anthropic.internal.api.MessageTokenCountResponse"
        })
final class NativeReflection {
    private NativeReflection() {}
}
