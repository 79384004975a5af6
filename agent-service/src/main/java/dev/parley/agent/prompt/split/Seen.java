package dev.parley.agent.prompt.split;

import dev.parley.platform.tenancy.TenantId;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What was seen of a version, in the shards that tenants fall into.
 *
 * @param shards those of which anything was seen
 */
public record Seen(List<Figures> shards) {
    /** Nothing yet. */
    public static final Seen NOTHING = new Seen(List.of());

    private static final int SHARDS = 16;

    /** The shard of a tenant: always the same. */
    static int shardOf(TenantId tenant) {
        return Math.floorMod(tenant.value().hashCode(), SHARDS);
    }

    /** Everything together. */
    public Figures all() {
        return shards.stream().reduce(Figures.NONE, Figures::plus);
    }

    /** What is left without each shard in turn; everything where there is one shard only. */
    List<Figures> withoutOne() {
        if (shards.size() < 2) {
            return List.of(all());
        }
        return IntStream.range(0, shards.size())
                .mapToObj(left -> IntStream.range(0, shards.size())
                        .filter(kept -> kept != left)
                        .mapToObj(shards::get)
                        .reduce(Figures.NONE, Figures::plus))
                .toList();
    }
}
