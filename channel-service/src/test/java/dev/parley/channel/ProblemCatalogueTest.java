package dev.parley.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.channel.account.AccountProblem;
import dev.parley.channel.adapter.AdapterProblem;
import dev.parley.channel.completion.CompletionProblem;
import dev.parley.channel.contact.ContactProblem;
import dev.parley.channel.conversation.ConversationProblem;
import dev.parley.channel.delivery.DeliveryProblem;
import dev.parley.channel.device.DeviceProblem;
import dev.parley.channel.draft.DraftProblem;
import dev.parley.channel.handoff.HandoffProblem;
import dev.parley.channel.inbound.InboundProblem;
import dev.parley.channel.media.MediaProblem;
import dev.parley.channel.otp.OtpProblem;
import dev.parley.channel.review.ReviewProblem;
import dev.parley.channel.turn.MessageProblem;
import dev.parley.channel.webhook.WebhookProblem;
import dev.parley.platform.problem.ProblemType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ProblemCatalogueTest {
    static Stream<ProblemType> problems() {
        return Stream.of(
                        AccountProblem.values(),
                        AdapterProblem.values(),
                        CompletionProblem.values(),
                        ContactProblem.values(),
                        ConversationProblem.values(),
                        DeliveryProblem.values(),
                        DeviceProblem.values(),
                        DraftProblem.values(),
                        HandoffProblem.values(),
                        InboundProblem.values(),
                        MediaProblem.values(),
                        MessageProblem.values(),
                        OtpProblem.values(),
                        ReviewProblem.values(),
                        WebhookProblem.values())
                .flatMap(Arrays::stream);
    }

    @ParameterizedTest
    @MethodSource("problems")
    void everyProblemIsDocumented(ProblemType problem) throws Exception {
        String slug = problem.type().getPath().replace("/problems/", "");

        assertThat(Files.readString(Path.of("..", "docs", "problems", slug + ".md")))
                .contains(problem.title())
                .contains(String.valueOf(problem.status()));
    }
}
