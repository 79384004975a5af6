package dev.parley.gateway.route;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The route table: which service serves which paths, and under which rules. */
@ConfigMapping(prefix = "gateway.route")
public interface RouteConfig {
    /** Base address of each service, by name. */
    Map<String, URI> services();

    /** The routes, by name; the name is a metric tag. */
    Map<String, Rule> rules();

    /**
     * Most connections to one service per event loop: as many as clients may be connected, each with one request at a
     * time. Open streams and WebSockets keep theirs, and with fewer those of some tenants kept all others waiting.
     */
    int connections();

    /** Longest wait for a connection to a service. */
    @WithDefault("200MS")
    Duration connectTimeout();

    /** Longest wait for the whole request body; after it 408. */
    @WithDefault("30S")
    Duration bodyTimeout();

    /** One set of paths that are served alike. */
    interface Rule {
        /** Path prefixes that end at a segment; {@code *} stands for any one segment. The longest wins. */
        List<String> paths();

        /** Name of the service. */
        String service();

        /** Whether a caller must be known. */
        @WithDefault("required")
        CredentialRule credential();

        /** What bodies may be. */
        @WithDefault("json")
        BodyRule body();

        /** Which bucket requests without a credential are taken from. */
        @WithDefault("address")
        AnonymousLimit anonymousLimit();

        /** Largest request body. */
        @WithDefault("1M")
        MemorySize maxBody();

        /** From the request's end to the answer's head; an answer that streams has the two limits below after that. */
        @WithDefault("5S")
        Duration timeout();

        /** Longest silence in an answer that streams. */
        @WithDefault("30S")
        Duration streamIdle();

        /** Longest answer that streams. */
        @WithDefault("120S")
        Duration streamTotal();

        /** Whether errors also have the shape OpenAI clients read. */
        @WithDefault("false")
        boolean openAiErrors();

        /** Whether the service sees the client's cookies. */
        @WithDefault("false")
        boolean cookies();

        /** Whether WebSocket upgrades pass. */
        @WithDefault("false")
        boolean upgrade();

        /**
         * Whether a client that left is told to the service even while that may be changing something: for one that
         * finishes by itself and has to know that nobody reads its answer.
         */
        @WithDefault("false")
        boolean hangUp();
    }

    /** Whether a caller must be known. */
    enum CredentialRule {
        /** Without a valid credential: 401. */
        REQUIRED,
        /** Known when a credential is shown, otherwise anonymous. */
        OPTIONAL,
        /** Credentials are not looked at. */
        IGNORED
    }

    /** What bodies may be. */
    enum BodyRule {
        /** JSON in UTF-8 only. */
        JSON,
        /** Anything: the service looks at the raw bytes. */
        RAW
    }

    /** Which bucket requests without a credential are taken from. */
    enum AnonymousLimit {
        /** The address's bucket. */
        ADDRESS,
        /** The address's bucket for logging in. */
        LOGIN,
        /** None: the sender is a provider with one address for all tenants, and the service checks its signature. */
        NONE
    }
}
