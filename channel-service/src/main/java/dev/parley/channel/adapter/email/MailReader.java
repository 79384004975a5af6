package dev.parley.channel.adapter.email;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.channel.adapter.DeliveryStatus;
import dev.parley.channel.adapter.InboundEvent;
import dev.parley.channel.adapter.InboundMessage;
import dev.parley.channel.adapter.SendOutcome;
import dev.parley.channel.adapter.Sender;
import dev.parley.channel.adapter.vendor.VendorTime;
import jakarta.mail.Address;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.util.SharedByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a mail as it went over the wire. What programs send by themselves is answered by nobody: two of them would go on
 * for ever. A report that one of our mails did not arrive says what became of that one.
 */
final class MailReader {
    private static final int LONGEST_ADDRESS = 254;
    private static final int LONGEST_RAW = 8_192;
    /** Nobody writes more above a mail. */
    private static final int LONGEST_HEADERS = 64 * 1024;

    private static final Pattern FAILED = Pattern.compile("(?im)^Action:[ \\t]{0,20}failed[ \\t]{0,20}\\r?$");
    private static final Pattern DIAGNOSTIC = Pattern.compile("(?im)^Diagnostic-Code:\\s{0,20}(.{1,500})$");
    /**
     * Behind the name of who wants the answer elsewhere: they are somebody else than either address, for nobody's silence
     * or name is to be changed by what others write into a header.
     */
    private static final String ELSEWHERE = "@reply-to.invalid";

    private static final Set<String> ROBOTS =
            Set.of("mailer-daemon", "postmaster", "noreply", "no-reply", "donotreply", "do-not-reply", "bounce");

    private final ObjectMapper json;
    private final Clock clock;
    private final Session session = session();

    MailReader(ObjectMapper json, Clock clock) {
        this.json = json;
        this.clock = clock;
    }

    /** What is not quite a mail is read as far as it goes. */
    private static Session session() {
        Properties lenient = new Properties();
        lenient.put("mail.mime.address.strict", "false");
        lenient.put("mail.mime.decodetext.strict", "false");
        lenient.put("mail.mime.ignoreunknownencoding", "true");
        return Session.getInstance(lenient);
    }

    /**
     * Reads one mail.
     *
     * @param own the account's own address
     * @throws IllegalArgumentException when it is none
     */
    InboundEvent read(byte[] mail, String own) {
        try {
            MimeMessage message = new MimeMessage(session, new SharedByteArrayInputStream(withFewHeaders(mail)));
            if (message.getHeader("From") == null && message.getHeader("Message-ID") == null) {
                throw new IllegalArgumentException("not a mail");
            }
            return read(message, mail, own);
        } catch (MessagingException malformed) {
            throw new IllegalArgumentException("not a mail", malformed);
        }
    }

    /** The mail with those of its headers that are within the first 64 KiB. */
    private static byte[] withFewHeaders(byte[] mail) {
        int body = body(mail);
        if (body <= LONGEST_HEADERS) {
            return mail;
        }
        int end = LONGEST_HEADERS;
        while (end > 0 && mail[end - 1] != '\n') {
            end--;
        }
        byte[] rest = new byte[end + 2 + mail.length - body];
        System.arraycopy(mail, 0, rest, 0, end);
        rest[end] = '\r';
        rest[end + 1] = '\n';
        System.arraycopy(mail, body, rest, end + 2, mail.length - body);
        return rest;
    }

    /** Where the body begins: behind the first empty line. */
    private static int body(byte[] mail) {
        for (int i = 0; i < mail.length; i++) {
            if (mail[i] == '\n'
                    && (i == 0 || mail[i - 1] == '\n' || i > 1 && mail[i - 1] == '\r' && mail[i - 2] == '\n')) {
                return i + 1;
            }
        }
        return mail.length;
    }

    private InboundEvent read(MimeMessage message, byte[] mail, String own) throws MessagingException {
        String written = header(message, "Message-ID").strip();
        String id = written.matches("<[^<>\\s]{1,250}>") ? written : "<" + MailThread.digest(mail) + "@no.id>";
        if (isReport(message)) {
            return report(id, mail);
        }
        InternetAddress from = usable(message.getFrom());
        InternetAddress answered = usable(message.getReplyTo());
        String automatic = from == null || answered == null ? "nobody" : automatic(message, answered, own);
        if (automatic != null) {
            return new InboundEvent.Other(id, automatic, start(mail));
        }
        String subject = message.getSubject() == null
                ? ""
                : message.getSubject().replaceAll("\\s+", " ").strip();
        String before = header(message, "References") + " " + header(message, "In-Reply-To");
        String author = from.getAddress().toLowerCase(Locale.ROOT);
        String address = answered.getAddress().toLowerCase(Locale.ROOT);
        String who = author.equals(address) ? author : MailThread.digest(author + "\n" + address) + ELSEWHERE;
        MailThread thread = MailThread.of(address, subject, id, before);
        if (message.isMimeType("multipart/*")) {
            MailParts.demandFew(mail);
        }
        MailParts parts = MailParts.of(message);
        String words = text(parts);
        // An answer's subject is its thread's.
        String above = before.isBlank() && !subject.isEmpty() ? subject : null;
        String text = words.isEmpty() ? above : words;
        if (text == null && !parts.files().isEmpty()) {
            text = "[image]";
        }
        if (text == null) {
            return new InboundEvent.Other(id, "empty", start(mail));
        }
        long sent = message.getSentDate() == null
                ? 0
                : message.getSentDate().toInstant().getEpochSecond();
        return new InboundEvent.Message(
                id,
                "email",
                new InboundMessage(
                        thread.key(who),
                        thread.written(json),
                        true,
                        new Sender(who, answered.getPersonal(), null, null, null),
                        words.isEmpty() ? null : above,
                        text,
                        VendorTime.ofEpochSecond(sent, clock),
                        0,
                        List.of(),
                        parts.files(),
                        null));
    }

    /** The first of them, if a mail may go there. */
    private static @Nullable InternetAddress usable(Address @Nullable [] addresses) {
        if (addresses == null || addresses.length == 0 || !(addresses[0] instanceof InternetAddress first)) {
            return null;
        }
        String address = first.getAddress();
        boolean usable = address != null
                && address.length() <= LONGEST_ADDRESS
                && address.matches(
                        "[^\\s\"<>,;:@]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?\\.[A-Za-z0-9-]{2,63}");
        return usable ? first : null;
    }

    /** The kind of a mail that a program wrote; null when a person did, as far as one can see. */
    private static @Nullable String automatic(MimeMessage message, InternetAddress answered, String own)
            throws MessagingException {
        String submitted = header(message, "Auto-Submitted").strip().toLowerCase(Locale.ROOT);
        if (!submitted.isEmpty() && !submitted.startsWith("no")) {
            return "auto-submitted";
        }
        String precedence = header(message, "Precedence").strip().toLowerCase(Locale.ROOT);
        if (Set.of("bulk", "junk", "list", "auto_reply").contains(precedence)
                || message.getHeader("List-Id") != null
                || message.getHeader("List-Unsubscribe") != null) {
            return "bulk";
        }
        if (message.getHeader("X-Autoreply") != null
                || message.getHeader("X-Autorespond") != null
                || header(message, "X-Auto-Response-Suppress").matches("(?i).*\\b(all|autoreply)\\b.*")
                || "<>".equals(header(message, "Return-Path").strip())) {
            return "auto-submitted";
        }
        String address = answered.getAddress().toLowerCase(Locale.ROOT);
        String name = address.substring(0, address.indexOf('@'));
        return ROBOTS.contains(name) || address.equals(own.toLowerCase(Locale.ROOT)) ? "robot" : null;
    }

    private static boolean isReport(MimeMessage message) throws MessagingException {
        String type = message.getContentType().toLowerCase(Locale.ROOT);
        return type.startsWith("multipart/report") && type.contains("delivery-status");
    }

    /** RFC 3464: what became of a mail of ours, whose id stands in the part of it that comes back. */
    private InboundEvent report(String id, byte[] mail) {
        String report = new String(mail, StandardCharsets.UTF_8);
        UUID reference = MailThread.reference(report);
        String ours = MailThread.ourId(report);
        if (reference == null || ours == null || !FAILED.matcher(report).find()) {
            return new InboundEvent.Other(id, "delivery-report", start(mail));
        }
        Matcher diagnostic = DIAGNOSTIC.matcher(report);
        return new InboundEvent.Status(
                id,
                "bounce",
                ours,
                DeliveryStatus.FAILED,
                clock.instant(),
                diagnostic.find() ? diagnostic.group(1).strip() : "it came back",
                reference,
                SendOutcome.Refusal.OTHER);
    }

    private static String text(MailParts parts) {
        StringBuilder text = new StringBuilder();
        parts.marks().forEach(mark -> text.append('[').append(mark).append("] "));
        return text.append(parts.words()).toString().strip();
    }

    private static String header(MimeMessage message, String name) throws MessagingException {
        return Optional.ofNullable(message.getHeader(name, " ")).orElse("");
    }

    private static String start(byte[] mail) {
        return new String(mail, 0, Math.min(mail.length, LONGEST_RAW), StandardCharsets.UTF_8);
    }
}
