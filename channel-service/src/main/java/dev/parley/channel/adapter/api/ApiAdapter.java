package dev.parley.channel.adapter.api;

import dev.parley.channel.adapter.Capabilities;
import dev.parley.channel.adapter.ChannelAdapter;
import jakarta.enterprise.context.ApplicationScoped;

/** Partners' programs, by the OpenAI-compatible API: they keep the history and send it each time. */
@ApplicationScoped
public final class ApiAdapter implements ChannelAdapter {
    @Override
    public String type() {
        return "api";
    }

    @Override
    public Capabilities capabilities() {
        return Capabilities.ofAnswers(true, true);
    }
}
