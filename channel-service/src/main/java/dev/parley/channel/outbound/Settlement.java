package dev.parley.channel.outbound;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import org.jspecify.annotations.Nullable;

/** What an operation cost, and what is left. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Settlement(@Nullable Long credits, @Nullable Long remaining) {}
