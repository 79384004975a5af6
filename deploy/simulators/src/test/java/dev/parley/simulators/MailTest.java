package dev.parley.simulators;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import jakarta.activation.DataHandler;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.util.ByteArrayDataSource;
import java.io.IOException;
import java.net.URI;
import java.util.Properties;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What Jakarta Mail sends over SMTP is what the inbox shows. */
class MailTest {

    private static World world;

    @BeforeAll
    static void start() {
        world = new World();
    }

    @AfterAll
    static void stop() {
        world.close();
    }

    @BeforeEach
    void empty() {
        world.send("DELETE", "/mail/messages", null);
    }

    @Test
    void bothPartsOfAMailAreShown() throws MessagingException {
        send("Ana Ünal <ana@example.com>", "Willkommen bei Pärley ✓", "Grüße", "<p>Grüße <b>x</b></p>");

        JsonObject mail = messages("").getJsonArray("items").getJsonObject(0);

        assertThat(mail.getString("subject")).isEqualTo("Willkommen bei Pärley ✓");
        assertThat(mail.getString("from")).isEqualTo("no-reply@parley.local");
        assertThat(mail.getJsonArray("to").getString(0)).isEqualTo("ana@example.com");
        assertThat(mail.getString("text").strip()).isEqualTo("Grüße");
        assertThat(mail.getString("html").strip()).isEqualTo("<p>Grüße <b>x</b></p>");
        assertThat(mail.getString("received_at")).matches("\\d{4}-\\d\\d-\\d\\dT.*Z");
    }

    @Test
    void aFileComesWithTheMailAsItWas() throws MessagingException, IOException {
        byte[] file = {'%', 'P', 'D', 'F', 0, -1};
        MimeBodyPart text = new MimeBodyPart();
        text.setText("attached", "UTF-8");
        MimeBodyPart attached = new MimeBodyPart();
        attached.setDataHandler(new DataHandler(new ByteArrayDataSource(file, "application/pdf")));
        attached.setFileName("invoice.pdf");
        MimeMessage message = to("ana@example.com", "with a file");
        message.setContent(new MimeMultipart("mixed", text, attached));
        Transport.send(message);

        JsonObject mail = messages("").getJsonArray("items").getJsonObject(0);

        assertThat(mail.getString("text").strip()).isEqualTo("attached");
        JsonObject one = mail.getJsonArray("attachments").getJsonObject(0);
        assertThat(one.getString("name")).isEqualTo("invoice.pdf");
        assertThat(one.getString("type")).isEqualTo("application/pdf");
        assertThat(one.getBinary("content")).isEqualTo(file);
    }

    @Test
    void oneInboxIsReadAndEmptiedWithoutTheOthers() throws MessagingException {
        send("ana@example.com", "for Ana", "a", "");
        send("ben@example.com", "for Ben", "b", "");

        assertThat(messages("?to=ANA@example.com").getInteger("count")).isEqualTo(1);
        world.send("DELETE", "/mail/messages?to=ana@example.com", null);

        assertThat(messages("").getJsonArray("items").getJsonObject(0).getString("subject"))
                .isEqualTo("for Ben");
        assertThat(messages("").getInteger("count")).isEqualTo(1);
    }

    @Test
    void markupOfAStrangerStaysText() throws MessagingException {
        send("ana@example.com", "<script>alert(1)</script>", "<img src=x>", "<script>alert(2)</script>");
        long id = messages("").getJsonArray("items").getJsonObject(0).getLong("id");

        assertThat(world.send("GET", "/mail", null).body()).contains("&lt;script&gt;alert(1)");
        assertThat(world.send("GET", "/mail/" + id, null).body())
                .contains("&lt;img src=x&gt;")
                .doesNotContain("<script>");
        assertThat(world.send("GET", "/mail/messages/" + id + "/html", null)
                        .headers()
                        .firstValue("content-security-policy"))
                .hasValueSatisfying(
                        policy -> assertThat(policy).startsWith("sandbox ").contains("script-src 'none'"));
        assertThat(world.send("GET", "/mail/messages/999", null).statusCode()).isEqualTo(404);
        assertThat(world.send("GET", "/mail/messages/999/raw", null).statusCode())
                .isEqualTo(404);
        assertThat(world.send("GET", "/mail/messages/" + id + "/raw", null).body())
                .contains("\r\nMessage-ID: <", "\r\nSubject: <script>alert(1)</script>\r\n");
    }

    private static JsonObject messages(String query) {
        return new JsonObject(world.send("GET", "/mail/messages" + query, null).body());
    }

    private static MimeMessage to(String recipient, String subject) throws MessagingException {
        Properties properties = new Properties();
        properties.put("mail.smtp.host", URI.create(world.url()).getHost());
        properties.put("mail.smtp.port", Integer.toString(world.smtpPort()));
        MimeMessage message = new MimeMessage(Session.getInstance(properties));
        message.setFrom("no-reply@parley.local");
        message.setRecipients(Message.RecipientType.TO, InternetAddress.parse(recipient));
        message.setSubject(subject, "UTF-8");
        return message;
    }

    private static void send(String to, String subject, String text, String html) throws MessagingException {
        MimeMessage message = to(to, subject);
        if (html.isEmpty()) {
            message.setText(text, "UTF-8");
        } else {
            MimeBodyPart plain = new MimeBodyPart();
            plain.setText(text, "UTF-8");
            MimeBodyPart rich = new MimeBodyPart();
            rich.setText(html, "UTF-8", "html");
            message.setContent(new MimeMultipart("alternative", plain, rich));
        }
        Transport.send(message);
    }
}
