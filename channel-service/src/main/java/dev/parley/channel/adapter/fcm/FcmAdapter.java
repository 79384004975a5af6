package dev.parley.channel.adapter.fcm;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.channel.adapter.AdapterProblem;
import dev.parley.channel.adapter.Capabilities;
import dev.parley.channel.adapter.Connection;
import dev.parley.channel.adapter.Credential;
import dev.parley.channel.adapter.Finding;
import dev.parley.channel.adapter.PushAdapter;
import dev.parley.channel.adapter.PushNotice;
import dev.parley.channel.adapter.PushOutcome;
import dev.parley.channel.adapter.vendor.GivenCredentials;
import dev.parley.channel.adapter.vendor.VendorHttp;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/** Notifies devices by Firebase Cloud Messaging, in the name of the tenant's own Firebase project. */
@ApplicationScoped
class FcmAdapter implements PushAdapter {
    static final String SERVICE_ACCOUNT = "service_account";
    static final String PREVIEWS = "previews";
    private static final String OFF = "off";
    private static final Pattern ANYTHING = Pattern.compile("(?s).+");
    private static final Pattern SWITCH = Pattern.compile("on|off");
    private static final String KEYS = "credentials";
    private static final String SENDING = "sending";

    private final VendorHttp http;
    private final FcmTokens tokens;
    private final FcmOutcomes outcomes;
    private final FcmConfig config;
    private final ObjectMapper json;
    private final Clock clock;

    FcmAdapter(VendorHttp http, FcmTokens tokens, FcmConfig config, ObjectMapper json, Clock clock) {
        this.http = http;
        this.tokens = tokens;
        this.outcomes = new FcmOutcomes(config, json, clock);
        this.config = config;
        this.json = json;
        this.clock = clock;
    }

    @Override
    public String type() {
        return "mobile";
    }

    @Override
    public String accountType() {
        return "fcm";
    }

    @Override
    public String label() {
        return "Push to apps (Firebase)";
    }

    @Override
    public List<Credential> credentials() {
        return List.of(
                Credential.secret(
                        SERVICE_ACCOUNT,
                        "Service account",
                        "The whole key file (JSON) of Firebase's console: Project settings, Service accounts"),
                Credential.open(PREVIEWS, "Previews", "on, or off: devices only show that there is an answer")
                        .optional());
    }

    @Override
    public Capabilities capabilities() {
        return Capabilities.ofAnswers(false, false);
    }

    @Override
    public boolean previews(Map<String, String> credentials) {
        return !OFF.equals(credentials.get(PREVIEWS));
    }

    @Override
    public Connection identify(TenantId tenant, Map<String, String> credentials) {
        GivenCredentials given =
                new GivenCredentials(credentials, "a Firebase project", Set.of(SERVICE_ACCOUNT, PREVIEWS));
        String file = given.required(SERVICE_ACCOUNT, ANYTHING, "must be the whole key file of a service account");
        String previews = given.optional(PREVIEWS, SWITCH, "must be on or off");
        ServiceAccount account;
        try {
            account = ServiceAccount.read(file, json);
        } catch (IllegalArgumentException none) {
            throw given.invalid(SERVICE_ACCOUNT, String.valueOf(none.getMessage()));
        }
        tryOut(account, token(account));
        return new Connection(
                account.projectId(),
                account.projectId(),
                Map.of(SERVICE_ACCOUNT, account.kept(json), PREVIEWS, previews == null ? "on" : previews));
    }

    @Override
    public List<Finding> inspect(TenantId tenant, Map<String, String> credentials, String webhookUrl) {
        ServiceAccount account = ServiceAccount.read(credentials.get(SERVICE_ACCOUNT), json);
        String token;
        try {
            token = token(account);
        } catch (Problem problem) {
            return List.of(Finding.of(
                    problem, KEYS, "Make a new key in Firebase's console and give it as the channel's credentials."));
        }
        Finding keys = Finding.ok(KEYS, "Google knows the service account.");
        try {
            tryOut(account, token);
            return List.of(keys, Finding.ok(SENDING, "Messages to apps of " + account.projectId() + " are taken."));
        } catch (Problem problem) {
            return List.of(
                    keys,
                    Finding.of(
                            problem,
                            SENDING,
                            "Enable the Firebase Cloud Messaging API of the project, and let the service account send"
                                    + " messages."));
        }
    }

    /** An access token, or the problem that there is none. */
    private String token(ServiceAccount account) {
        return switch (tokens.ask(account)) {
            case FcmTokens.Token token -> token.value();
            case FcmTokens.Refused refused -> throw refused(refused.reason());
            case FcmTokens.NotNow later -> throw unreachable();
        };
    }

    /** Whether messages would be taken; nobody gets one. */
    private void tryOut(ServiceAccount account, String token) {
        switch (post(account, token, FcmMessage.trial(json))) {
            case VendorHttp.Response response
            when response.status() < 300 -> {
                return;
            }
            case VendorHttp.Response response
            when response.status() < 500 && response.status() != FcmOutcomes.TOO_MANY_REQUESTS ->
                throw refused("Firebase takes no messages: "
                        + FcmOutcomes.reason(
                                response.status(), response.tree(json).path("error")));
            default -> throw unreachable();
        }
    }

    private static Problem refused(String detail) {
        return new Problem(AdapterProblem.CHANNEL_REFUSED).detail(detail);
    }

    private static Problem unreachable() {
        return new Problem(AdapterProblem.CHANNEL_UNREACHABLE)
                .detail("Google did not answer. Nothing was changed; try again.")
                .header("Retry-After", "5");
    }

    @Override
    public PushOutcome notify(UUID channel, Map<String, String> credentials, PushNotice notice) {
        ServiceAccount account = ServiceAccount.read(credentials.get(SERVICE_ACCOUNT), json);
        byte[] message = FcmMessage.written(notice, clock.instant(), json);
        FcmTokens.Answer first = tokens.get(channel, account);
        if (!(first instanceof FcmTokens.Token token)) {
            return none(first);
        }
        VendorHttp.Result result = post(account, token.value(), message);
        if (outcomes.wantsNewToken(result)) {
            // What was refused for its token was not taken, so this is no second sending.
            tokens.forget(channel, account, token);
            FcmTokens.Answer second = tokens.get(channel, account);
            if (!(second instanceof FcmTokens.Token fresh)) {
                return none(second);
            }
            result = post(account, fresh.value(), message);
        }
        return outcomes.of(result);
    }

    private PushOutcome none(FcmTokens.Answer answer) {
        return switch (answer) {
            case FcmTokens.Refused refused -> new PushOutcome.Later(config.refusedPause(), true, refused.reason());
            case FcmTokens.NotNow later -> new PushOutcome.Later(config.busyPause(), later.asked(), later.reason());
            case FcmTokens.Token token -> throw new IllegalStateException("there is a token");
        };
    }

    private VendorHttp.Result post(ServiceAccount account, String token, byte[] message) {
        return http.post(
                config.apiBase() + "/v1/projects/" + account.projectId() + "/messages:send",
                Map.of("Authorization", "Bearer " + token),
                "application/json",
                message);
    }
}
