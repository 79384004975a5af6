package dev.parley.auth.proof;

import dev.parley.platform.event.KeptEvents;
import dev.parley.platform.event.ReceivedEvent;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Reads the second place where signed heads are kept, which is not the database. Not for use in a transaction. */
@ApplicationScoped
class HeadCopies {
    private final KeptEvents events;
    private final HeadSignatures signatures;

    HeadCopies(KeptEvents events, HeadSignatures signatures) {
        this.events = events;
        this.signatures = signatures;
    }

    /**
     * The copied heads of each of these tenants that has any, the furthest first; a 503 problem when Kafka does not
     * answer. Behind it stand those that Parley signed for the same place with different hashes, which a sound trail
     * never has.
     */
    Map<TenantId, List<SignedHead>> of(Collection<TenantId> tenants) {
        Map<String, List<ReceivedEvent>> found = events.of(
                AuditHeadSigned.TOPIC, tenants.stream().map(TenantId::toString).collect(Collectors.toSet()));
        Map<TenantId, List<SignedHead>> heads = new HashMap<>();
        found.forEach((key, copies) -> {
            TenantId tenant = TenantId.of(key);
            List<SignedHead> genuine = genuine(
                    tenant,
                    copies.stream()
                            .filter(event -> event.tenant().equals(tenant))
                            .map(event -> event.as(Copy.class))
                            .collect(Collectors.toSet()));
            if (!genuine.isEmpty()) {
                heads.put(tenant, genuine);
            }
        });
        return heads;
    }

    /** Verifies signatures from the furthest place on, and of those before it only where two heads compete. */
    private List<SignedHead> genuine(TenantId tenant, Set<Copy> copies) {
        Map<Long, List<Copy>> places = copies.stream()
                .collect(Collectors.groupingBy(
                        Copy::seq, () -> new TreeMap<>(Comparator.reverseOrder()), Collectors.toList()));
        List<SignedHead> heads = new ArrayList<>();
        for (List<Copy> place : places.values()) {
            boolean compete = place.stream().map(Copy::hash).distinct().count() > 1;
            if (heads.isEmpty() || compete) {
                List<SignedHead> here = signed(tenant, place);
                if (heads.isEmpty() || here.size() > 1) {
                    heads.addAll(here);
                }
            }
        }
        return heads;
    }

    /** One head for each hash that Parley signed. */
    private List<SignedHead> signed(TenantId tenant, List<Copy> place) {
        Set<String> hashes = new HashSet<>();
        return place.stream()
                .flatMap(copy -> signatures
                        .read(tenant, copy.jws())
                        .filter(head -> head.seq() == copy.seq() && head.hash().equals(copy.hash()))
                        .stream())
                .filter(head -> hashes.add(head.hash()))
                .toList();
    }

    /** The payload; that the last part says the same as the others is checked. */
    record Copy(long seq, String hash, String jws) {}
}
