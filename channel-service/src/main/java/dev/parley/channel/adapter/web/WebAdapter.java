package dev.parley.channel.adapter.web;

import dev.parley.channel.adapter.Capabilities;
import dev.parley.channel.adapter.ChannelAdapter;
import jakarta.enterprise.context.ApplicationScoped;

/** The console and the REST API: the reply is the answer to the request, whole or as a stream. */
@ApplicationScoped
public final class WebAdapter implements ChannelAdapter {
    @Override
    public String type() {
        return "web";
    }

    @Override
    public Capabilities capabilities() {
        return Capabilities.ofAnswers(true, true);
    }
}
