package dev.parley.e2e.support;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.e2e.support.BotTraffic.Chat;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Compares what a tenant's bots were to send with what their customers got: everything answered, in order, nothing lost,
 * and nothing twice but what is marked as AMBIGUOUS.
 */
public final class Sends {
    private static final Pattern WRITTEN = Pattern.compile("c\\d+m\\d{3}");

    private final Checker checker = new Checker();
    private final String tenant;

    /** The sends of a tenant. */
    public Sends(String tenant) {
        this.tenant = tenant;
    }

    /** All that was written has come in, and nothing is under way any more, neither an answer nor a send. */
    public void haveEnded(int written) {
        assertThat(count("message where role = 'user'"))
                .as("messages that came in")
                .isEqualTo(written);
        assertThat(count("operation where state in ('QUEUED', 'RUNNING')"))
                .as("operations without an end")
                .isZero();
        assertThat(count("send_intent where state in ('PENDING', 'SENDING', 'HELD')"))
                .as("sends without an end")
                .isZero();
    }

    /** Every message was stored once, in the order in which it was written, and has an answer. */
    public void answerAll(BotTraffic traffic) {
        for (Chat chat : traffic.chats()) {
            assertThat(checker.column("parley_channel", """
                            select m.text from app.message m
                              join app.conversation c on c.tenant_id = m.tenant_id and c.id = m.conversation_id
                             where m.tenant_id = '%s' and c.recipient = '%d' and m.role = 'user' order by m.seq
                            """.formatted(tenant, chat.id())))
                    .as("what customer %d wrote", chat.number())
                    .isEqualTo(traffic.writtenBy(chat));
        }
        assertThat(checker.column(
                        "parley_channel",
                        "select distinct coalesce(problem_code, state) from app.operation where tenant_id = '" + tenant
                                + "' and state not in ('ANSWERED', 'MERGED')"))
                .as("ends that are no answers")
                .isEmpty();
        assertThat(count("""
                        operation o where state = 'MERGED'
                          and not exists (select 1 from app.operation a where a.tenant_id = o.tenant_id
                                             and a.id = o.merged_into and a.state = 'ANSWERED')
                        """))
                .as("messages whose answer was given to no later one")
                .isZero();
    }

    /**
     * What customers got is what was sent, in the order in which it was planned. Answers are told apart by their texts: two
     * to long bursts that begin alike may have one text, since the model repeats only so much of what it answers.
     *
     * @return how many messages arrived more than once; each is of a send that is marked as AMBIGUOUS
     */
    public int arrivedAsPlanned(BotTraffic traffic) {
        int twice = 0;
        for (Chat chat : traffic.chats()) {
            List<String> arrived = Simulators.sentByBot(chat.bot(), chat.id());
            Set<String> planned = new LinkedHashSet<>();
            for (Planned text : planned(chat)) {
                int times = Collections.frequency(arrived, text.text());
                if (text.ambiguous() == 0) {
                    assertThat(times).as("sent: %s", text).isEqualTo(text.sent());
                } else {
                    assertThat(times).as("sent: %s", text).isGreaterThanOrEqualTo(text.sent());
                    twice += Math.max(0, times - text.sent() - text.ambiguous());
                }
                if (times > 0) {
                    planned.add(text.text());
                }
            }
            assertThat(new LinkedHashSet<>(arrived))
                    .as("what customer %d got", chat.number())
                    .containsExactlyElementsOf(planned);
            List<String> answered = planned.stream().map(Sends::firstOf).toList();
            assertThat(answered).as("answers in the order of the questions").isSorted();
        }
        return twice;
    }

    /** A customer's planned texts in the order of their places, the place of a sent one before that of one never sent. */
    private List<Planned> planned(Chat chat) {
        return checker.column("parley_channel", """
                        select count(*) filter (where s.state = 'SENT') || ' '
                               || count(*) filter (where s.state = 'AMBIGUOUS') || ' ' || (s.part ->> 'text')
                          from app.send_intent s
                          join app.conversation c on c.tenant_id = s.tenant_id and c.id = s.conversation_id
                         where s.tenant_id = '%s' and c.recipient = '%d'
                         group by s.part ->> 'text'
                         order by min(s.place) filter (where s.state in ('SENT', 'AMBIGUOUS')), min(s.place)
                        """.formatted(tenant, chat.id())).stream()
                .map(row -> row.split(" ", 3))
                .map(row -> new Planned(Integer.parseInt(row[0]), Integer.parseInt(row[1]), row[2]))
                .toList();
    }

    /** How many sends nobody knows the end of. */
    public long ambiguous() {
        return count("send_intent where state = 'AMBIGUOUS'");
    }

    /** A text with how many of its sends arrived, and of how many nobody knows. */
    private record Planned(int sent, int ambiguous, String text) {}

    private static String firstOf(String answer) {
        Matcher written = WRITTEN.matcher(answer);
        assertThat(written.find()).as("answers something: %s", answer).isTrue();
        return written.group();
    }

    private long count(String rows) {
        return Long.parseLong(checker.column(
                        "parley_channel", "select count(*) from app." + rows + " and tenant_id = '" + tenant + "'")
                .getFirst());
    }
}
