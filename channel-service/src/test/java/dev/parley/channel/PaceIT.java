package dev.parley.channel;

import static dev.parley.channel.Channel.await;
import static dev.parley.channel.Channel.chat;
import static dev.parley.channel.Channel.count;
import static dev.parley.channel.Channel.execute;
import static dev.parley.channel.Channel.member;
import static dev.parley.channel.Channel.message;
import static dev.parley.channel.Channel.newTenant;
import static dev.parley.channel.Channel.telegram;
import static dev.parley.channel.Channel.text;
import static dev.parley.channel.Channel.update;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.channel.delivery.DeliveryFlow;
import dev.parley.channel.delivery.Replica;
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(ChannelTestResource.class)
class PaceIT {
    private static final Duration LONG = Duration.ofSeconds(40);

    @Test
    void twoReplicasShareABotsPaceAndEachConversationKeepsItsOrder() {
        TenantId tenant = newTenant();
        String account = telegram(tenant, "talkative");
        List<String> chats = chats(25, "31");
        rest(tenant, account, "15 seconds");
        DeliveryFlow other = Replica.senders();

        chats.forEach(chat -> update(account, "s3cret", message(chats.indexOf(chat) + 1, chat, 1, "tell me all")));
        await(LONG, () -> sends(tenant, "true") == 75);
        await(LONG, () -> sends(tenant, "turn_at is not null") == 25);
        assertThat(text("select max(turn_at) - min(turn_at) from app.send_intent where tenant_id = '" + tenant + "'"))
                .as("each turn is a pace behind the one before")
                .isEqualTo("00:00:00.96");
        conversations(tenant).forEach(conversation -> other.deliver(tenant, conversation));
        await(LONG, () -> sends(tenant, "state = 'SENT'") == 75);

        assertThat(mostWithinASecond(tenant)).isLessThanOrEqualTo(30L);
        assertThat(sends(tenant, "attempts = 1")).isEqualTo(75);
        assertThat(count("select count(*) from app.send_intent s join app.channel_pace p"
                        + " on p.channel_account_id = s.channel_account_id"
                        + " where s.tenant_id = '" + tenant + "' and s.attempted_at < p.rests_until"))
                .isZero();
        for (String chat : chats) {
            assertThat(parts(tenant, chat)).as(chat).isEqualTo("1,2,3");
            assertThat(Fakes.sentTo(chat)).hasSize(3);
        }
        assertThat(count("select count(*) from (select attempted_at - lag(attempted_at) over"
                        + " (partition by conversation_id order by attempted_at) as apart from app.send_intent"
                        + " where tenant_id = '" + tenant + "') s where apart < interval '30 milliseconds'"))
                .isZero();
    }

    @Test
    void aBotThatIsToldToWaitRestsAsAWholeAndNothingIsTriedForThat() {
        TenantId tenant = newTenant();
        String account = telegram(tenant, "concierge");
        String busy = chat("32");
        List<String> others = chats(40, "33");
        Fakes.RETRY_AFTER.put(busy, 4);
        Fakes.BUSY_CHATS.add(busy);

        update(account, "s3cret", message(1, busy, 1, "hi"));
        await(() -> sends(tenant, "turn_at is not null and state = 'PENDING'") == 1);
        Instant told = Fakes.sentTo(busy).getFirst().at();
        others.forEach(chat -> update(account, "s3cret", message(others.indexOf(chat) + 2, chat, 1, "hi")));
        await(LONG, () -> sends(tenant, "state = 'SENT'") == 41);

        assertThat(Stream.concat(
                        others.stream()
                                .map(chat -> Fakes.sentTo(chat).getFirst().at()),
                        Stream.of(Fakes.sentTo(busy).getLast().at())))
                .allSatisfy(at -> assertThat(Duration.between(told, at)).isGreaterThan(Duration.ofMillis(3990)));
        assertThat(Fakes.sentTo(busy)).hasSize(2);
        assertThat(others).allSatisfy(chat -> assertThat(Fakes.sentTo(chat)).hasSize(1));
        assertThat(sends(tenant, "attempts = 1")).isEqualTo(40);
        assertThat(sends(tenant, "attempts = 2")).isEqualTo(1);
        assertThat(mostWithinASecond(tenant)).isLessThanOrEqualTo(30);
    }

    @Test
    void turnsOfADeadReplicaAreTakenByALivingOneAtThePace() {
        TenantId tenant = newTenant();
        String account = telegram(tenant, "concierge");
        List<String> chats = chats(50, "34");
        rest(tenant, account, "1 hour");
        chats.forEach(chat -> update(account, "s3cret", message(chats.indexOf(chat) + 1, chat, 1, "hi")));
        await(LONG, () -> sends(tenant, "turn_at > now() + interval '50 minutes'") == 50);
        assertThat(sends(tenant, "attempts = 0 and state = 'PENDING'")).isEqualTo(50);
        assertThat(count("select count(distinct turn_at) from app.send_intent where tenant_id = '" + tenant + "'"))
                .as("each has a turn of its own")
                .isEqualTo(50);

        execute("update app.channel_pace set busy_until = now(), rests_until = now(), queue_until = now() where"
                + " channel_account_id = '" + account + "'");
        execute("update app.send_intent set turn_at = now() - interval '3 seconds', due_at = now() - interval"
                + " '3 seconds' where tenant_id = '" + tenant + "'");
        await(LONG, () -> sends(tenant, "state = 'SENT'") == 50);

        assertThat(mostWithinASecond(tenant)).isLessThanOrEqualTo(30);
        assertThat(sends(tenant, "attempts = 1 and turn_at is null")).isEqualTo(50);
        chats.forEach(chat -> assertThat(Fakes.sentTo(chat)).hasSize(1));
    }

    @Test
    void aCodeStandsInNoQueue() {
        TenantId tenant = newTenant();
        String account = telegram(tenant, "concierge");
        String chat = chat("37");
        update(account, "s3cret", message(1, chat, 1, "hi"));
        await(() -> sends(tenant, "state = 'SENT'") == 1);
        execute("update app.channel_pace set queue_until = now() + interval '5 minutes' where channel_account_id = '"
                + account + "'");
        update(account, "s3cret", message(2, chat, 2, "again"));
        await(() -> sends(tenant, "turn_at > now() + interval '4 minutes'") == 1);
        execute("update app.channel_pace set busy_until = now() + interval '6 seconds' where channel_account_id = '"
                + account + "'");

        code(tenant, account, chat);
        await(() -> sends(tenant, "purpose = 'code' and turn_at is not null") == 1);
        execute("update app.channel_pace set busy_until = now() + interval '1 minute' where channel_account_id = '"
                + account + "'");
        String room = busyUntil(account);
        await(() -> Fakes.sentTo(chat).size() == 2);

        assertThat(Fakes.sentTo(chat).getLast().body().path("text").asText()).containsPattern("^[0-9]{6} ");
        assertThat(sends(tenant, "state = 'PENDING' and attempts = 0 and purpose = 'reply'"))
                .isEqualTo(1);
        assertThat(busyUntil(account)).as("it took its room with its turn").isEqualTo(room);
    }

    @Test
    void aCodeGoesAsSoonAsARestIsOverAndTakesNoTurnOfTheQueue() {
        TenantId tenant = newTenant();
        String account = telegram(tenant, "concierge");
        String chat = chat("38");
        update(account, "s3cret", message(1, chat, 1, "hi"));
        await(() -> sends(tenant, "state = 'SENT'") == 1);
        execute("update app.channel_pace set busy_until = now() + interval '5160 milliseconds',"
                + " rests_until = now() + interval '5 seconds', queue_until = now() + interval '300 seconds'"
                + " where channel_account_id = '" + account + "'");

        code(tenant, account, chat);
        await(() -> sends(tenant, "purpose = 'code' and turn_at is not null") == 1);
        assertThat(count("select count(*) from app.send_intent s join app.channel_pace p"
                        + " on p.channel_account_id = s.channel_account_id where s.tenant_id = '" + tenant
                        + "' and s.turn_at = p.rests_until and s.due_at = p.rests_until"))
                .isEqualTo(1);
        await(() -> sends(tenant, "purpose = 'code' and state = 'SENT'") == 1);

        assertThat(text("select p.queue_until - p.rests_until || ' ' || (s.attempted_at >= p.rests_until)"
                        + " from app.send_intent s join app.channel_pace p"
                        + " on p.channel_account_id = s.channel_account_id where s.tenant_id = '" + tenant
                        + "' and s.purpose = 'code'"))
                .isEqualTo("00:04:55 true");
    }

    @Test
    void aGroupThatIsToldToWaitRestsAlone() {
        TenantId tenant = newTenant();
        String account = telegram(tenant, "concierge");
        String group = "-" + chat("39");
        String person = chat("40");
        Fakes.RETRY_AFTER.put(group, 6);
        Fakes.BUSY_CHATS.add(group);

        update(account, "s3cret", message(1, group, 1, "hi"));
        await(() -> sends(tenant, "state = 'PENDING' and attempts = 1") == 1);
        assertThat(count("select count(*) from app.conversation where tenant_id = '" + tenant
                        + "' and next_send_at > now() + interval '2 seconds'"))
                .isEqualTo(1);
        update(account, "s3cret", message(2, person, 1, "hi"));
        await(() -> sends(tenant, "state = 'SENT'") == 2);

        Instant told = Fakes.sentTo(group).getFirst().at();
        Instant again = Fakes.sentTo(group).getLast().at();
        assertThat(Fakes.sentTo(group)).hasSize(2);
        assertThat(Duration.between(told, again)).isGreaterThan(Duration.ofMillis(5990));
        assertThat(Fakes.sentTo(person).getFirst().at()).isBefore(again);
        assertThat(count("select count(*) from app.channel_pace where channel_account_id = '" + account
                        + "' and rests_until is not null"))
                .isZero();
    }

    @Test
    void theTimeUntilALaterTurnIsNoneOfTheTrying() {
        TenantId tenant = newTenant();
        String account = telegram(tenant, "concierge");
        String chat = chat("41");
        rest(tenant, account, "1 hour");
        update(account, "s3cret", message(1, chat, 1, "hi"));
        await(() -> sends(tenant, "turn_at > now() + interval '50 minutes'") == 1);

        execute("update app.send_intent set attempts = 1, first_attempted_at = now() - interval '20 minutes',"
                + " turn_at = null, due_at = now() - interval '3 seconds' where tenant_id = '" + tenant + "'");
        await(() -> sends(tenant, "turn_at > now() + interval '50 minutes'") == 1);

        assertThat(sends(
                        tenant,
                        "turn_at - first_attempted_at between interval '20 minutes' and interval '21 minutes'"
                                + " and attempts = 1 and state = 'PENDING'"))
                .isEqualTo(1);
    }

    @Test
    void aGroupHasAnAllowanceOfItsOwnAndAPersonOnlyTheTimeBetween() {
        TenantId tenant = newTenant();
        String account = telegram(tenant, "concierge");
        String group = "-" + chat("35");
        String person = chat("36");
        update(account, "s3cret", message(1, group, 1, "hi"));
        update(account, "s3cret", message(2, person, 1, "hi"));
        await(() -> sends(tenant, "state = 'SENT'") == 2);
        assertThat(ahead(tenant, group, "next_send_at - attempted_at")).isEqualTo("00:00:00.03");
        assertThat(ahead(tenant, group, "recipient_busy_until - attempted_at")).isEqualTo("00:00:04");
        assertThat(ahead(tenant, person, "next_send_at - attempted_at")).isEqualTo("00:00:00.03");
        assertThat(ahead(tenant, person, "recipient_busy_until")).isNull();

        execute("update app.conversation set recipient_busy_until = now() + interval '20 seconds' where recipient = '"
                + group + "' and tenant_id = '" + tenant + "'");
        update(account, "s3cret", message(3, group, 2, "again"));
        await(() -> sends(tenant, "state = 'SENT'") == 3);

        assertThat(ahead(tenant, group, "recipient_busy_until - next_send_at"))
                .as("the burst of five is used up: the next waits until four messages are owed, not five")
                .isEqualTo("00:00:16");
    }

    private static void code(TenantId tenant, String account, String chat) {
        member(tenant)
                .body(Map.of("channel_id", account, "to", chat, "purpose", "login", "reference", "r1"))
                .post("/api/v1/otp")
                .then()
                .statusCode(201);
    }

    private static List<String> chats(int many, String prefix) {
        return IntStream.range(0, many).mapToObj(i -> chat(prefix)).toList();
    }

    private static List<UUID> conversations(TenantId tenant) {
        return Stream.of(text("select string_agg(id::text, ',') from app.conversation where tenant_id = '" + tenant
                                + "'")
                        .split(","))
                .map(UUID::fromString)
                .toList();
    }

    private static void rest(TenantId tenant, String account, String time) {
        execute("insert into app.channel_pace (tenant_id, channel_account_id, busy_until, queue_until, rests_until)"
                + " values ('" + tenant + "', '" + account + "', now() + interval '" + time
                + "' + interval '160 milliseconds', now() + interval '" + time + "', now() + interval '" + time + "')");
    }

    private static String busyUntil(String account) {
        return text("select busy_until from app.channel_pace where channel_account_id = '" + account + "'");
    }

    private static long sends(TenantId tenant, String which) {
        return count("select count(*) from app.send_intent where tenant_id = '" + tenant + "' and (" + which + ")");
    }

    /** Most claims within any second, by the database's clock. */
    private static long mostWithinASecond(TenantId tenant) {
        return count("select max(n) from (select count(*) over (order by attempted_at range between current row and"
                + " interval '999 milliseconds' following) as n from app.send_intent where tenant_id = '" + tenant
                + "') s");
    }

    private static String parts(TenantId tenant, String chat) {
        return text("select string_agg(part_no::text, ',' order by attempted_at) from app.send_intent s"
                + " join app.conversation c on c.id = s.conversation_id where c.recipient = '" + chat
                + "' and c.tenant_id = '" + tenant + "'");
    }

    /** Of the conversation's latest send. */
    private static String ahead(TenantId tenant, String chat, String what) {
        return text("select " + what + " from app.conversation c join app.send_intent s on s.conversation_id = c.id"
                + " where c.recipient = '" + chat + "' and c.tenant_id = '" + tenant
                + "' order by s.place desc limit 1");
    }
}
