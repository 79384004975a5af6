package dev.parley.platform.http;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.microprofile.config.Config;

/** Gives clients of the other services by name; their addresses are {@code parley.service.url.<name>}. */
@ApplicationScoped
public class ServiceClients {
    private final Config config;
    private final HttpCalls calls;
    private final ServiceTokens tokens;
    private final ObjectMapper mapper;
    private final Map<String, ServiceClient> clients = new ConcurrentHashMap<>();

    ServiceClients(Config config, HttpCalls calls, ServiceTokens tokens, ObjectMapper mapper) {
        this.config = config;
        this.calls = calls;
        this.tokens = tokens;
        this.mapper = mapper.copy().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    }

    /** The client of a service, for example {@code policy-service}. */
    public ServiceClient to(String service) {
        return clients.computeIfAbsent(
                service,
                name -> new ServiceClient(
                        name,
                        config.getValue("parley.service.url." + name, String.class),
                        config.getValue("parley.service.silence", Duration.class),
                        calls,
                        tokens,
                        mapper));
    }
}
