package dev.parley.channel.adapter.email;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.channel.adapter.Addressee;
import dev.parley.channel.adapter.ButtonRules;
import dev.parley.channel.adapter.Capabilities;
import dev.parley.channel.adapter.Connection;
import dev.parley.channel.adapter.Credential;
import dev.parley.channel.adapter.Finding;
import dev.parley.channel.adapter.InboundCall;
import dev.parley.channel.adapter.InboundEvent;
import dev.parley.channel.adapter.MediaReference;
import dev.parley.channel.adapter.MediaUnavailable;
import dev.parley.channel.adapter.MessengerAdapter;
import dev.parley.channel.adapter.OutboundPart;
import dev.parley.channel.adapter.OutboundReply;
import dev.parley.channel.adapter.Outgoing;
import dev.parley.channel.adapter.Pacing;
import dev.parley.channel.adapter.SendOutcome;
import dev.parley.channel.adapter.WebhookReply;
import dev.parley.channel.adapter.rendering.Form;
import dev.parley.channel.adapter.rendering.Rendering;
import dev.parley.channel.adapter.vendor.GivenCredentials;
import dev.parley.channel.webhook.Secrets;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * A mailbox: whoever receives its mail passes each one on, as it is and signed, and answers go out by its SMTP server in
 * the same thread, as words alone. Files come with the mails that bring them.
 */
@ApplicationScoped
public final class EmailAdapter implements MessengerAdapter {
    private static final Pattern MAILBOX = Pattern.compile("[!-?A-~]+@[!-?A-~]+");
    static final String ADDRESS = "address";
    static final String NAME = "name";
    static final String SMTP_HOST = "smtp_host";
    static final String SMTP_PORT = "smtp_port";
    static final String SMTP_USER = "smtp_user";
    static final String SMTP_PASSWORD = "smtp_password";
    static final String SMTP_TLS = "smtp_tls";
    static final String SIGNING_SECRET = "signing_secret";
    static final String MAILGUN_KEY = "mailgun_signing_key";
    /** Mailgun posts the whole mail to addresses that end so. */
    static final String MAILGUN_PATH = "mailgun-mime";

    private static final Pattern ADDRESS_FORM =
            Pattern.compile("[^\\s\"<>,;:@]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?");
    private static final Pattern NAME_FORM = Pattern.compile("[^\\p{Cntrl}]{1,120}");
    private static final Pattern HOST_FORM = Pattern.compile("[A-Za-z0-9.:-]{1,253}");
    private static final Pattern PORT_FORM = Pattern.compile("[1-9][0-9]{0,4}");
    private static final Pattern WORD_FORM = Pattern.compile("[^\\p{Cntrl}]{1,256}");
    private static final Pattern TLS_FORM = Pattern.compile("starttls|tls|none");
    private static final Pattern SECRET_FORM = Pattern.compile("whsec_[A-Za-z0-9+/]{32,120}={0,2}");

    private final Smtp smtp;
    private final EmailConfig config;
    private final ObjectMapper json;
    private final MailReader reader;
    private final MailWriter writer;
    private final EmailSignature signatures;

    EmailAdapter(Smtp smtp, EmailConfig config, ObjectMapper json, Clock clock) {
        this.smtp = smtp;
        this.config = config;
        this.json = json;
        this.reader = new MailReader(json, clock);
        this.writer = new MailWriter(smtp, clock);
        this.signatures = new EmailSignature(clock);
    }

    @Override
    public String type() {
        return "email";
    }

    @Override
    public String label() {
        return "E-mail";
    }

    @Override
    public List<Credential> credentials() {
        return List.of(
                Credential.open(ADDRESS, "Address", "Of the mailbox, such as help@shop.example"),
                Credential.open(NAME, "Sender", "The name that stands beside the address")
                        .optional(),
                Credential.open(SMTP_HOST, "SMTP server", "Where its mails go out, such as smtp.shop.example"),
                Credential.open(SMTP_PORT, "Port", "587 unless another is given")
                        .optional(),
                Credential.open(SMTP_TLS, "Encryption", "starttls, tls or none; starttls unless another is given")
                        .optional(),
                Credential.open(SMTP_USER, "User", "Where the server asks for one")
                        .optional(),
                Credential.secret(SMTP_PASSWORD, "Password", null).optional(),
                Credential.secret(MAILGUN_KEY, "Mailgun’s webhook signing key", "Where Mailgun brings the mails")
                        .optional());
    }

    @Override
    public int longestCall() {
        return Math.toIntExact(config.longestMail().asLongValue());
    }

    @Override
    public OptionalInt mostNewThreads() {
        return OptionalInt.of(config.mostNewThreads());
    }

    @Override
    public Duration longestSend() {
        return smtp.longestSend();
    }

    @Override
    public Set<String> webhookPaths() {
        return Set.of("", MAILGUN_PATH);
    }

    @Override
    public Optional<Addressee> addressee(String to) {
        return MAILBOX.matcher(to).matches()
                ? Optional.of(new Addressee(to.toLowerCase(Locale.ROOT), null, false))
                : Optional.empty();
    }

    @Override
    public Capabilities capabilities() {
        return new Capabilities(false, true, config.longestText(), null, false, false, ButtonRules.NONE, false);
    }

    @Override
    public Pacing pacing(Map<String, String> credentials, String recipient) {
        return Pacing.apart(config.pace());
    }

    @Override
    public Connection identify(TenantId tenant, Map<String, String> credentials) {
        GivenCredentials given = new GivenCredentials(
                credentials,
                "a mailbox",
                Set.of(
                        ADDRESS,
                        NAME,
                        SMTP_HOST,
                        SMTP_PORT,
                        SMTP_USER,
                        SMTP_PASSWORD,
                        SMTP_TLS,
                        SIGNING_SECRET,
                        MAILGUN_KEY));
        Map<String, String> kept = new HashMap<>();
        String address = given.required(ADDRESS, ADDRESS_FORM, "must be an e-mail address")
                .toLowerCase(Locale.ROOT);
        kept.put(ADDRESS, address);
        kept.put(SMTP_HOST, given.required(SMTP_HOST, HOST_FORM, "must be the name of the SMTP server"));
        String port = given.optional(SMTP_PORT, PORT_FORM, "must be the SMTP server's port");
        kept.put(SMTP_PORT, port == null ? "587" : port);
        String tls = given.optional(SMTP_TLS, TLS_FORM, "must be starttls, tls or none");
        kept.put(SMTP_TLS, tls == null ? "starttls" : tls);
        keep(kept, NAME, given.optional(NAME, NAME_FORM, "must be 1 to 120 characters"));
        keep(kept, SMTP_USER, given.optional(SMTP_USER, WORD_FORM, "must be 1 to 256 characters"));
        keep(kept, SMTP_PASSWORD, given.optional(SMTP_PASSWORD, WORD_FORM, "must be 1 to 256 characters"));
        keep(kept, MAILGUN_KEY, given.optional(MAILGUN_KEY, WORD_FORM, "must be Mailgun's HTTP webhook signing key"));
        String chosen = given.optional(SIGNING_SECRET, SECRET_FORM, "must be whsec_ and 24 bytes or more in base64");
        kept.put(SIGNING_SECRET, chosen == null ? Secrets.fresh() : chosen);
        if (!config.ports().contains(Integer.parseInt(kept.get(SMTP_PORT))) && !isHere(kept.get(SMTP_HOST))) {
            throw given.invalid(SMTP_PORT, "must be one of " + config.ports());
        }
        smtp.check(tenant, Smtp.Login.of(kept));
        return new Connection(address, address, Map.copyOf(kept), Map.of(SIGNING_SECRET, kept.get(SIGNING_SECRET)));
    }

    private static void keep(Map<String, String> kept, String name, String value) {
        if (value != null) {
            kept.put(name, value);
        }
    }

    private static boolean isHere(String host) {
        return host.equals("localhost") || host.equals("127.0.0.1");
    }

    /** Nothing: whoever receives the mail is told the address by the tenant. */
    @Override
    public void register(Connection connection, String webhookUrl) {}

    /** Nothing: as it was told. */
    @Override
    public void disconnect(Map<String, String> credentials, String webhookUrl) {}

    @Override
    public List<Finding> inspect(TenantId tenant, Map<String, String> credentials, String webhookUrl) {
        try {
            smtp.check(tenant, Smtp.Login.of(credentials));
        } catch (Problem problem) {
            return List.of(Finding.of(
                    problem,
                    "credentials",
                    "Look at the server's name, its port, user and password, and give them as the channel's new"
                            + " credentials."));
        }
        return List.of(
                Finding.ok("credentials", "The SMTP server lets " + credentials.get(ADDRESS) + " in."),
                Finding.ok(
                        "webhook",
                        "What cannot be seen from here: whether the mails of " + credentials.get(ADDRESS)
                                + " are posted to " + webhookUrl
                                + ", signed with the channel's secret, or by Mailgun to "
                                + webhookUrl + "/" + MAILGUN_PATH + "."));
    }

    /** Nobody asks whose address it is. */
    @Override
    public Optional<WebhookReply> handshake(InboundCall call, Map<String, String> credentials) {
        return Optional.empty();
    }

    @Override
    public Set<String> signingCredentials() {
        return Set.of(SIGNING_SECRET, MAILGUN_KEY);
    }

    @Override
    public boolean verify(InboundCall call, Map<String, String> credentials) {
        if (!MAILGUN_PATH.equals(call.path())) {
            return signatures.standard(call, credentials.get(SIGNING_SECRET));
        }
        // Anybody may call, and a form is long.
        if (credentials.getOrDefault(MAILGUN_KEY, "").isEmpty()) {
            return false;
        }
        try {
            EmailForm form = EmailForm.of(call);
            return signatures.mailgun(
                    form.text("timestamp"), form.text("token"), form.text("signature"), credentials.get(MAILGUN_KEY));
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }

    @Override
    public List<InboundEvent> parse(InboundCall call, Map<String, String> credentials, boolean verified) {
        byte[] mail = MAILGUN_PATH.equals(call.path()) ? EmailForm.of(call).bytes("body-mime") : call.body();
        if (mail == null || mail.length == 0) {
            throw new IllegalArgumentException("no mail");
        }
        return List.of(reader.read(mail, credentials.get(ADDRESS)));
    }

    @Override
    public WebhookReply accepted() {
        return WebhookReply.EMPTY;
    }

    @Override
    public List<OutboundPart> render(OutboundReply reply) {
        return Rendering.parts(reply, Rendering.Limits.words(config.longestText()), Form.WORDS);
    }

    @Override
    public SendOutcome send(Map<String, String> credentials, Outgoing message) {
        if (!(message.part() instanceof OutboundPart.Text text)) {
            return new SendOutcome.Refused("a mail is words alone");
        }
        MailThread thread;
        try {
            thread = MailThread.read(message.recipient(), json);
        } catch (IllegalArgumentException unknown) {
            return new SendOutcome.Refused("nobody knows which mail this answers");
        }
        return writer.send(message, credentials, thread, text.text());
    }

    /** A mail server cannot be asked. */
    @Override
    public Optional<SendOutcome> lookUp(
            Map<String, String> credentials, Outgoing message, Instant attempted, Predicate<String> known) {
        return Optional.empty();
    }

    /** Nothing is with anybody: files came with their mails. */
    @Override
    public InputStream fetch(Map<String, String> credentials, MediaReference media, long most) {
        throw new MediaUnavailable(true, "a mail's files come with it");
    }
}
