package dev.parley.channel.adapter.email;

import dev.parley.channel.adapter.Outgoing;
import dev.parley.channel.adapter.SendOutcome;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.UnsupportedEncodingException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Date;
import java.util.Map;
import java.util.Properties;

/** Writes answers: in the thread of the mail that they answer, marked as a program's so that no other one answers. */
final class MailWriter {
    private static final String UTF_8 = StandardCharsets.UTF_8.name();

    private final Smtp smtp;
    private final Clock clock;

    MailWriter(Smtp smtp, Clock clock) {
        this.smtp = smtp;
        this.clock = clock;
    }

    SendOutcome send(Outgoing outgoing, Map<String, String> credentials, MailThread thread, String text) {
        Smtp.Login login = Smtp.Login.of(credentials);
        String own = credentials.get(EmailAdapter.ADDRESS);
        String id = thread.answerId(outgoing.reference(), own.substring(own.indexOf('@') + 1));
        try {
            InternetAddress to = new InternetAddress(thread.to(), true);
            MimeMessage message = new IdentifiedMessage(id);
            message.setFrom(new InternetAddress(own, credentials.get(EmailAdapter.NAME), UTF_8));
            message.setRecipient(Message.RecipientType.TO, to);
            message.setSubject(thread.answerSubject(), UTF_8);
            message.setSentDate(Date.from(clock.instant()));
            message.setHeader("In-Reply-To", thread.messageId());
            message.setHeader(
                    "References", String.join("\r\n ", thread.answerReferences().split(" ")));
            message.setHeader("Auto-Submitted", "auto-replied");
            message.setHeader("X-Auto-Response-Suppress", "All");
            message.setText(text, UTF_8);
            return smtp.send(outgoing.tenant(), login, message, to, id);
        } catch (AddressException malformed) {
            return new SendOutcome.Refused("the address is not one");
        } catch (MessagingException | UnsupportedEncodingException malformed) {
            return new SendOutcome.Refused("the mail cannot be written");
        }
    }

    /** A message that keeps the id it was given. */
    private static final class IdentifiedMessage extends MimeMessage {
        private static final Session ANYWHERE = Session.getInstance(new Properties());
        private final String id;

        IdentifiedMessage(String id) {
            super(ANYWHERE);
            this.id = id;
        }

        @Override
        protected void updateMessageID() throws MessagingException {
            setHeader("Message-ID", id);
        }
    }
}
