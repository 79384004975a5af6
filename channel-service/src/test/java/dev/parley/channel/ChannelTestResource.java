package dev.parley.channel;

import dev.parley.testing.ParleyTestResource;
import java.util.Map;

/** What channel-service needs in its integration tests: the platform's parts, the other services and Telegram. */
public class ChannelTestResource extends ParleyTestResource {
    @Override
    public Map<String, String> start() {
        Map<String, String> settings = super.start();
        settings.put("PARLEY_POLICY_URL", Fakes.url());
        // Here the other services are never gone, and may be slow.
        settings.put("parley.service.silence", "5s");
        settings.put("PARLEY_AGENT_URL", Fakes.url());
        settings.put("PARLEY_BILLING_URL", Fakes.url());
        settings.put("PARLEY_TELEGRAM_API_BASE", Fakes.url());
        settings.put("PARLEY_WHATSAPP_API_BASE", FakeMessengers.url());
        settings.put("PARLEY_TWILIO_API_BASE", FakeMessengers.url());
        settings.put("PARLEY_TWILIO_MESSAGING_BASE", FakeMessengers.url());
        settings.put("PARLEY_FCM_API_BASE", FakeFcm.url());
        settings.put("PARLEY_FCM_TOKEN_URL", FakeFcm.url() + "/token");
        settings.put("channel.push.grace", "700ms");
        settings.put("channel.push.interval", "100ms");
        settings.put("channel.push.lease", "40s");
        settings.put("channel.whatsapp.pace", "30ms");
        settings.put("channel.whatsapp.rate-pause", "300ms");
        settings.put("channel.twilio.pace", "30ms");
        settings.put("channel.twilio.rate-pause", "6s");
        settings.put("channel.twilio.listed-after", "2s");
        settings.put("channel.outbound.answer-patience", "10s");
        settings.put("channel.outbound.settlement-patience", "10s");
        settings.put("channel.vendor.connect-timeout", "10s");
        settings.put("channel.vendor.timeout", "6s");
        settings.put("channel.answer.turn-patience", "8s");
        // Twelve that wait one after the other come in time only because each is told that its turn has come.
        settings.put("channel.answer.turn-look-again", "4s");
        settings.put("channel.burst.quiet", "300ms");
        settings.put("channel.burst.longest", "1500ms");
        settings.put("channel.telegram.pace", "30ms");
        settings.put("channel.delivery.lease", "15s");
        settings.put("channel.delivery.sweep-interval", "200ms");
        settings.put("channel.delivery.sweep-grace", "300ms");
        settings.put("channel.stream.sweep-interval", "300ms");
        settings.put("channel.account.cache-time", "200ms");
        settings.put("channel.contact.region-refresh", "300ms");
        settings.put("PARLEY_WEBHOOK_LOOPBACK", "true");
        settings.put("channel.webhook-delivery.schedule", "0s,200ms,300ms,400ms");
        settings.put("channel.webhook-delivery.timeout", "6s");
        settings.put("channel.webhook-delivery.connect-timeout", "6s");
        settings.put("channel.webhook-delivery.lease", "20s");
        settings.put("channel.webhook-delivery.at-once-lease", "1s");
        settings.put("channel.webhook-delivery.interval", "100ms");
        settings.put("channel.webhook-delivery.most-exhausted", "2");
        settings.put("channel.webhook-delivery.rest", "100ms");
        settings.put("channel.webhook-delivery.longest-rest", "400ms");
        settings.put("channel.webhook-delivery.slice", "300ms");
        settings.put("channel.webhook-delivery.most-endpoints", "12");
        settings.put("channel.webhook-delivery.most-failing", "4");
        return settings;
    }
}
