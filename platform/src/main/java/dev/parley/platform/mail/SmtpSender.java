package dev.parley.platform.mail;

import jakarta.activation.DataHandler;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.mail.Authenticator;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Part;
import jakarta.mail.PasswordAuthentication;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.util.ByteArrayDataSource;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Date;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** Gives one mail to the SMTP server. */
@ApplicationScoped
class SmtpSender {
    private static final String CONNECT_MILLIS = "5000";
    private static final String READ_MILLIS = "15000";
    private static final int REFUSED_FOR_GOOD = 500;

    private final Optional<String> host;
    private final String from;
    private final Session session;
    private final Clock clock;

    @Inject
    SmtpSender(
            @ConfigProperty(name = "parley.mail.smtp-host") Optional<String> host,
            @ConfigProperty(name = "parley.mail.smtp-port") int port,
            @ConfigProperty(name = "parley.mail.smtp-user") Optional<String> user,
            @ConfigProperty(name = "parley.mail.smtp-password") Optional<String> password,
            @ConfigProperty(name = "parley.mail.smtp-tls") String tls,
            @ConfigProperty(name = "parley.mail.from") String from,
            Clock clock) {
        this.host = host;
        this.from = from;
        this.clock = clock;
        this.session = Session.getInstance(properties(host, port, user, tls), login(user, password));
    }

    /** Not for use: CDI needs it for the client proxy. */
    protected SmtpSender() {
        this.host = Optional.empty();
        this.from = "";
        this.clock = null;
        this.session = null;
    }

    /** Whether there is a server to give mails to. */
    boolean isConfigured() {
        return host.isPresent();
    }

    /** Sends a mail; its id becomes the Message-ID, so that a mail sent twice can be told by it. */
    void send(UUID id, Mail mail) throws MailNotSent {
        try {
            Transport.send(message(id, mail));
        } catch (MessagingException refused) {
            throw new MailNotSent(isForGood(refused), refused);
        }
    }

    private MimeMessage message(UUID id, Mail mail) throws MessagingException {
        String domain = from.substring(from.indexOf('@') + 1).replace(">", "");
        MimeMessage message = new IdentifiedMessage(session, "<" + id + "@" + domain + ">");
        message.setFrom(new InternetAddress(from));
        message.setRecipient(Message.RecipientType.TO, new InternetAddress(mail.to(), true));
        message.setSubject(mail.subject(), StandardCharsets.UTF_8.name());
        message.setSentDate(Date.from(clock.instant()));
        message.setHeader("Auto-Submitted", "auto-generated");
        MimeMultipart alternatives = new MimeMultipart("alternative");
        alternatives.addBodyPart(part(mail.text(), "plain"));
        alternatives.addBodyPart(part(mail.html(), "html"));
        message.setContent(mail.attachments().isEmpty() ? alternatives : mixed(alternatives, mail));
        return message;
    }

    private static MimeMultipart mixed(MimeMultipart alternatives, Mail mail) throws MessagingException {
        MimeMultipart mixed = new MimeMultipart("mixed");
        MimeBodyPart body = new MimeBodyPart();
        body.setContent(alternatives);
        mixed.addBodyPart(body);
        for (Mail.Attachment attachment : mail.attachments()) {
            MimeBodyPart part = new MimeBodyPart();
            part.setDataHandler(new DataHandler(new ByteArrayDataSource(attachment.content(), attachment.mediaType())));
            part.setFileName(attachment.name());
            part.setDisposition(Part.ATTACHMENT);
            part.setHeader("Content-Transfer-Encoding", "base64");
            mixed.addBodyPart(part);
        }
        return mixed;
    }

    private static MimeBodyPart part(String text, String subtype) throws MessagingException {
        MimeBodyPart part = new MimeBodyPart();
        part.setText(text, StandardCharsets.UTF_8.name(), subtype);
        return part;
    }

    private static boolean isForGood(MessagingException refused) {
        for (Exception cause = refused; cause instanceof MessagingException one; cause = one.getNextException()) {
            if (cause instanceof SMTPAddressFailedException address && address.getReturnCode() >= REFUSED_FOR_GOOD) {
                return true;
            }
        }
        return refused instanceof jakarta.mail.internet.AddressException && !(refused instanceof SendFailedException);
    }

    private static Properties properties(Optional<String> host, int port, Optional<String> user, String tls) {
        Properties settings = new Properties();
        settings.put("mail.smtp.host", host.orElse(""));
        settings.put("mail.smtp.port", String.valueOf(port));
        settings.put("mail.smtp.auth", String.valueOf(user.isPresent()));
        settings.put("mail.smtp.connectiontimeout", CONNECT_MILLIS);
        settings.put("mail.smtp.timeout", READ_MILLIS);
        settings.put("mail.smtp.writetimeout", READ_MILLIS);
        settings.put("mail.smtp.ssl.checkserveridentity", "true");
        switch (tls) {
            case "none" -> settings.put("mail.smtp.starttls.enable", "false");
            case "starttls" -> {
                settings.put("mail.smtp.starttls.enable", "true");
                settings.put("mail.smtp.starttls.required", "true");
            }
            case "tls" -> settings.put("mail.smtp.ssl.enable", "true");
            default -> throw new IllegalStateException("PARLEY_SMTP_TLS must be none, starttls or tls");
        }
        return settings;
    }

    private static @Nullable Authenticator login(Optional<String> user, Optional<String> password) {
        return user.isEmpty()
                ? null
                : new Authenticator() {
                    @Override
                    protected PasswordAuthentication getPasswordAuthentication() {
                        return new PasswordAuthentication(user.get(), password.orElse(""));
                    }
                };
    }

    /** A message that keeps the id it was given. */
    private static final class IdentifiedMessage extends MimeMessage {
        private final String id;

        IdentifiedMessage(Session session, String id) {
            super(session);
            this.id = id;
        }

        @Override
        protected void updateMessageID() throws MessagingException {
            setHeader("Message-ID", id);
        }
    }
}
