package dev.parley.channel.message;

import dev.parley.channel.adapter.Button;
import dev.parley.channel.adapter.OutboundPart;
import dev.parley.channel.text.PlainText;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.problem.ProblemCompletion;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A message to an agent, or to the customer of a messenger.
 *
 * @param text 1 to 32,000 characters; only a template goes without
 * @param clientMessageId the client's own id: the same id again in this conversation is the same message
 * @param attachments at most 8
 * @param as {@code staff}: said to the customer by a person; what people write on a messenger always is
 * @param buttons what the customer can choose; numbered lines where the channel has no buttons
 * @param template said instead of everything else, also when WhatsApp takes no words any more
 */
public record SendMessageRequest(
        @Nullable @Size(max = PlainText.LONGEST) String text,
        @Nullable @Size(min = 1, max = 128) String clientMessageId,
        @Nullable @Size(max = 8) List<@NotNull @Valid Attachment> attachments,

        @Nullable @Pattern(regexp = "staff", message = "must be staff")
        String as,

        @Nullable @Size(max = 20) List<@NotNull @Valid Choice> buttons,
        @Nullable @Valid Template template) {
    /** Whether only people can say that, and only to customers of messengers. */
    boolean goesToCustomers() {
        return template != null || buttons != null && !buttons.isEmpty();
    }

    /**
     * Demands words, or a template and nothing beside it.
     *
     * @throws Problem 422 when it is neither
     */
    void demandContent() {
        if (template == null) {
            demand(text != null && !text.isBlank(), "/text", "must not be blank");
            return;
        }
        template.demandParameters();
        demand(text == null, "/text", "is not for a template");
        demand(buttons == null || buttons.isEmpty(), "/buttons", "are not for a template");
        demand(attachments == null || attachments.isEmpty(), "/attachments", "are not for a template");
    }

    private static void demand(boolean fulfilled, String pointer, String detail) {
        if (!fulfilled) {
            throw new Problem(CommonProblem.VALIDATION_FAILED).with("errors", ProblemCompletion.error(pointer, detail));
        }
    }

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

    /**
     * An answer that the customer can choose; the messenger may have narrower limits.
     *
     * @param id comes back when it is chosen
     * @param title what the customer sees
     */
    public record Choice(
            @NotBlank
            @Size(max = 256)
            @Pattern(regexp = "[^\\x00-\\x1F\\x7F]*", message = "must have no control characters")
            String id,

            @NotBlank
            @Size(max = 60)
            @Pattern(regexp = "[^\\x00-\\x1F\\x7F]*", message = "must have no control characters")
            String title) {
        Button button() {
            return new Button(PlainText.storable(id), PlainText.storable(title.strip()));
        }
    }

    /**
     * A message that the messenger approved beforehand.
     *
     * @param name as it was approved
     * @param language as the messenger writes it, such as {@code en_US}
     * @param parameters what stands in its places, in order
     */
    public record Template(
            @NotNull
            @Size(max = 512)
            @Pattern(regexp = "[a-z0-9_]+", message = "must be a template's name: a-z, 0-9 and _")
            String name,

            @NotNull
            @Size(max = 15)
            @Pattern(regexp = "[A-Za-z]{2,3}(_[A-Za-z0-9]{2,8})?", message = "must be like en_US")
            String language,

            @Nullable @Size(max = 50) List<String> parameters) {
        private static final int LONGEST_PARAMETER = 1024;
        private static final java.util.regex.Pattern NOT_IN_A_PLACE =
                java.util.regex.Pattern.compile("[\\x00-\\x1F\\x7F]| {5}");

        private void demandParameters() {
            for (int i = 0; parameters != null && i < parameters.size(); i++) {
                String parameter = parameters.get(i);
                String pointer = "/template/parameters/" + i;
                demand(parameter != null && !parameter.isBlank(), pointer, "must not be blank");
                demand(parameter.length() <= LONGEST_PARAMETER, pointer, "has 1024 characters at most");
                demand(
                        !NOT_IN_A_PLACE.matcher(parameter).find(),
                        pointer,
                        "must have no line breaks, tabs or five spaces in a row");
            }
        }

        OutboundPart.Template approved() {
            return new OutboundPart.Template(
                    name,
                    language,
                    parameters == null
                            ? List.of()
                            : parameters.stream().map(PlainText::storable).toList());
        }
    }
}
