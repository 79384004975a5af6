package dev.parley.channel.account;

import dev.parley.channel.adapter.Finding;
import java.util.List;

/**
 * What was found when a channel was tested.
 *
 * @param ok whether every check is
 */
public record ChannelTestResponse(boolean ok, List<Finding> checks) {
    static ChannelTestResponse of(List<Finding> checks) {
        return new ChannelTestResponse(checks.stream().allMatch(Finding::ok), checks);
    }
}
