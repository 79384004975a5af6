package dev.parley.simulators.twilio;

import dev.parley.simulators.exchange.StateFile;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;

/** All accounts by sid; an account exists once the control plane has set it. */
final class Accounts {

    private final Map<String, Account> bySid = new LinkedHashMap<>();
    private final StateFile state;

    Accounts(StateFile state) {
        this.state = state;
        JsonObject saved = state.attach("twilio", this::toJson);
        saved.getJsonArray("accounts", new JsonArray())
                .forEach(account ->
                        bySid.put(((JsonObject) account).getString("sid"), Account.fromJson((JsonObject) account)));
    }

    private Buffer toJson() {
        JsonArray accounts = new JsonArray();
        bySid.values().forEach(account -> accounts.add(account.toJson()));
        return new JsonObject().put("accounts", accounts).toBuffer();
    }

    /** The account, made if it is not there. */
    Account make(String sid) {
        if (!sid.matches("AC[0-9a-f]{32}")) {
            throw new IllegalArgumentException("an account's sid is AC and 32 hexadecimal digits");
        }
        return bySid.computeIfAbsent(sid, Account::new);
    }

    /** The account, or null. */
    Account find(String sid) {
        return bySid.get(sid);
    }

    void changed() {
        state.changed();
    }
}
