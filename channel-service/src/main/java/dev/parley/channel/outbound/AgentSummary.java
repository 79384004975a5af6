package dev.parley.channel.outbound;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.UUID;

/** An agent of the catalogue; ready when one of its prompt versions is active. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record AgentSummary(UUID id, String slug, String name, boolean ready) {}
