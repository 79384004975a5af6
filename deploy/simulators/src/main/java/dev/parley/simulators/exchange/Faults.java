package dev.parley.simulators.exchange;

import io.vertx.core.json.JsonArray;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The faults in force, per provider; the first that matches a request is applied to it. */
public final class Faults {

    private final Map<Provider, List<Fault>> inForce = new EnumMap<>(Provider.class);

    /** Replaces the provider's faults. */
    public void put(Provider provider, List<Fault> faults) {
        inForce.put(provider, new ArrayList<>(faults));
    }

    /** Back to normal. */
    public void clear(Provider provider) {
        inForce.remove(provider);
    }

    /** Back to normal, all of them. */
    public void clear() {
        inForce.clear();
    }

    /** What is still to come, with the times that are left. */
    public JsonArray list(Provider provider) {
        JsonArray list = new JsonArray();
        inForce.getOrDefault(provider, List.of()).forEach(fault -> list.add(fault.toJson()));
        return list;
    }

    /** The fault for this request, or null. */
    Fault take(Provider provider, String path, String query, byte[] body) {
        List<Fault> faults = inForce.get(provider);
        if (faults == null) {
            return null;
        }
        for (Fault fault : faults) {
            if (fault.take(path, query, body)) {
                if (fault.isSpent()) {
                    faults.remove(fault);
                }
                if (faults.isEmpty()) {
                    inForce.remove(provider);
                }
                return fault;
            }
        }
        return null;
    }
}
