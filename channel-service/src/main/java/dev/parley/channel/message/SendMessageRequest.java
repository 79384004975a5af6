package dev.parley.channel.message;

import dev.parley.channel.text.PlainText;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A message to an agent.
 *
 * @param text 1 to 32,000 characters
 * @param clientMessageId the client's own id: the same id again in this conversation is the same message
 * @param attachments at most 8
 * @param as {@code staff}: said to the customer by a person; what people write on a messenger always is
 */
public record SendMessageRequest(
        @NotBlank @Size(max = PlainText.LONGEST) String text,
        @Nullable @Size(min = 1, max = 128) String clientMessageId,
        @Nullable @Size(max = 8) List<@NotNull @Valid Attachment> attachments,

        @Nullable @Pattern(regexp = "staff", message = "must be staff")
        String as) {
    /**
     * An image, by its public address, its bytes in base64, or what was uploaded; to the customer of a messenger also
     * something else that was uploaded.
     *
     * @param type {@code image}, or what it is
     * @param mediaId of {@code POST /api/v1/media}
     */
    public record Attachment(
            @NotNull
            @Pattern(regexp = "image|audio|video|document", message = "must be image, audio, video or document")
            String type,

            @Nullable @Size(max = 2048) @Pattern(regexp = "https://\\S+", message = "must be an https address")
            String url,

            @Nullable String data,

            @Nullable UUID mediaId) {}
}
