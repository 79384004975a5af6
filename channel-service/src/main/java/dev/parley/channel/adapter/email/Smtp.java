package dev.parley.channel.adapter.email;

import dev.parley.channel.adapter.AdapterProblem;
import dev.parley.channel.adapter.SendOutcome;
import dev.parley.channel.adapter.SendOutcome.Refusal;
import dev.parley.platform.address.Addresses;
import dev.parley.platform.address.RefusedAddress;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.mail.Address;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.URLName;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import javax.net.ssl.SSLSocketFactory;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPSenderFailedException;
import org.eclipse.angus.mail.smtp.SMTPTransport;
import org.eclipse.angus.mail.util.SocketFetcher;
import org.jspecify.annotations.Nullable;

/**
 * Gives mails to tenants' SMTP servers, which may be anywhere on the public internet and nowhere else, and tells apart
 * what matters for not sending twice.
 */
@ApplicationScoped
class Smtp {
    private static final int REFUSED = 500;
    private static final int LATER = 400;
    /** How long a name server may take. */
    private static final Duration LOOKUP = Duration.ofSeconds(5);

    private final EmailConfig config;
    private final Addresses addresses;
    private final SSLSocketFactory tls;

    @Inject
    Smtp(EmailConfig config, Addresses addresses) {
        this(config, addresses, (SSLSocketFactory) SSLSocketFactory.getDefault());
    }

    Smtp(EmailConfig config, Addresses addresses, SSLSocketFactory tls) {
        this.config = config;
        this.addresses = addresses;
        this.tls = tls;
    }

    /** Where and as whom a tenant sends. */
    record Login(String host, int port, String user, String password, String tls) {
        static Login of(Map<String, String> credentials) {
            return new Login(
                    credentials.get(EmailAdapter.SMTP_HOST),
                    Integer.parseInt(credentials.get(EmailAdapter.SMTP_PORT)),
                    credentials.getOrDefault(EmailAdapter.SMTP_USER, ""),
                    credentials.getOrDefault(EmailAdapter.SMTP_PASSWORD, ""),
                    credentials.get(EmailAdapter.SMTP_TLS));
        }

        @Override
        public String toString() {
            return "Login[" + host + "]";
        }
    }

    /**
     * Logs in and sends nothing.
     *
     * @throws Problem when the server refuses or cannot be reached
     */
    void check(TenantId tenant, Login login) {
        try {
            connected(tenant, login).leave();
        } catch (RefusedAddress refused) {
            throw new Problem(refused.undecided() ? AdapterProblem.CHANNEL_UNREACHABLE : AdapterProblem.CHANNEL_REFUSED)
                    .detail("The SMTP server cannot be used: " + refused.getMessage() + ".");
        } catch (AuthenticationFailedException refused) {
            throw new Problem(AdapterProblem.CHANNEL_REFUSED)
                    .detail("The SMTP server refuses the user or the password.");
        } catch (MessagingException unreachable) {
            throw new Problem(AdapterProblem.CHANNEL_UNREACHABLE)
                    .detail("The SMTP server did not answer as one does. Nothing was changed; try again.")
                    .header("Retry-After", "5");
        }
    }

    /** Sends a message; never throws. */
    SendOutcome send(TenantId tenant, Login login, MimeMessage message, Address to, String id) {
        Talk talk;
        try {
            talk = connected(tenant, login);
        } catch (RefusedAddress refused) {
            String reason = String.valueOf(refused.getMessage());
            return refused.undecided()
                    ? new SendOutcome.Later(config.pause(), reason)
                    : new SendOutcome.Refused(Refusal.ACCOUNT, reason);
        } catch (AuthenticationFailedException refused) {
            return new SendOutcome.Refused(Refusal.ACCOUNT, "the SMTP server refuses the user or the password");
        } catch (MessagingException unreachable) {
            return new SendOutcome.Later(config.pause(), "no connection to the SMTP server");
        }
        try {
            message.saveChanges();
            talk.give(message, to);
            return new SendOutcome.Sent(id);
        } catch (MessagingException failure) {
            return outcome(failure);
        } finally {
            talk.leave();
        }
    }

    /** How long {@link #send} takes at most: the look-up of the server's name, and all that is said. */
    Duration longestSend() {
        return LOOKUP.plus(config.longestTalk());
    }

    /** A server that let us in. */
    private record Talk(SMTPTransport transport, TalkSocket socket, EmailConfig config) {
        void give(MimeMessage message, Address to) throws MessagingException {
            try {
                socket.setSoTimeout(Math.toIntExact(config.acceptance().toMillis()));
            } catch (IOException cut) {
                throw new MessagingException("the connection was cut", cut);
            }
            transport.sendMessage(message, new Address[] {to});
        }

        /** Whatever happens now changes nothing of what the server said. */
        void leave() {
            try {
                transport.close();
            } catch (MessagingException impolite) {
                // It is gone already.
            } finally {
                socket.end();
            }
        }
    }

    /** Only what the server said is known; a connection that was cut may have ended behind the mail. */
    private SendOutcome outcome(MessagingException failure) {
        int code = 0;
        for (Exception cause = failure; cause instanceof MessagingException one; cause = one.getNextException()) {
            code = switch (one) {
                case SMTPAddressFailedException address -> address.getReturnCode();
                case SMTPSenderFailedException sender -> sender.getReturnCode();
                case SMTPSendFailedException send -> send.getReturnCode();
                default -> code;
            };
        }
        if (code >= REFUSED) {
            return new SendOutcome.Refused(code + " the SMTP server refused the mail");
        }
        if (code >= LATER) {
            return new SendOutcome.Later(config.pause(), code + " the SMTP server wants it later");
        }
        return failure instanceof SendFailedException && code == 0 && failure.getNextException() == null
                ? new SendOutcome.Refused("the address is not one")
                : new SendOutcome.Ambiguous("the connection was cut before the answer");
    }

    private Talk connected(TenantId tenant, Login login) throws MessagingException, RefusedAddress {
        String name = login.host().indexOf(':') >= 0 ? "[" + login.host() + "]" : login.host();
        InetAddress address = addresses
                .resolve(tenant, addresses.read("https://" + name + "/"), LOOKUP)
                .getFirst();
        Properties settings = settings(login);
        TalkSocket socket = null;
        try {
            socket = TalkSocket.to(login.host(), address, login.port(), config);
            // The library would look a name up again, to remember passwords by it.
            SMTPTransport transport = new SMTPTransport(
                    Session.getInstance(settings),
                    new URLName(
                            "smtp",
                            address.getHostAddress(),
                            login.port(),
                            null,
                            login.user().isEmpty() ? null : login.user(),
                            login.user().isEmpty() ? null : login.password()));
            transport.connect(
                    "tls".equals(login.tls())
                            ? SocketFetcher.startTLS(socket, login.host(), settings, "mail.smtp")
                            : socket);
            return new Talk(transport, socket, config);
        } catch (IOException failure) {
            end(socket);
            throw new MessagingException("no connection", failure);
        } catch (MessagingException | RuntimeException failure) {
            end(socket);
            throw failure;
        }
    }

    private static void end(@Nullable TalkSocket socket) {
        if (socket != null) {
            socket.end();
        }
    }

    private Properties settings(Login login) {
        Properties settings = new Properties();
        settings.put("mail.smtp.auth", String.valueOf(!login.user().isEmpty()));
        settings.put("mail.smtp.ssl.checkserveridentity", "true");
        settings.put("mail.smtp.ssl.socketFactory", tls);
        settings.put("mail.smtp.starttls.enable", String.valueOf("starttls".equals(login.tls())));
        settings.put("mail.smtp.starttls.required", String.valueOf("starttls".equals(login.tls())));
        settings.put("mail.smtp.quitwait", "false");
        return settings;
    }
}
