package dev.parley.bench.engine;

import com.googlecode.aviator.runtime.function.FunctionUtils;
import com.googlecode.aviator.runtime.type.AviatorBoolean;
import com.googlecode.aviator.runtime.type.AviatorObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.casbin.jcasbin.main.Enforcer;
import org.casbin.jcasbin.model.Model;
import org.casbin.jcasbin.util.function.CustomFunction;

/**
 * jcasbin, with the fewest rows that say the same: one for each tenant, its sets as lists in one field. The cheapest
 * comparisons come first in the matcher.
 */
final class Casbin implements Judge {
    private static final String MODEL = """
            [request_definition]
            r = tenant, agent, channel
            [policy_definition]
            p = tenant, state, agents, channels
            [policy_effect]
            e = some(where (p.eft == allow))
            [matchers]
            m = r.tenant == p.tenant && has(",trial,active,past_due,", p.state) && has(p.agents, r.agent) && has(p.channels, r.channel)
            """;

    private final Enforcer enforcer;

    Casbin(World world) {
        Model model = new Model();
        model.loadModelFromText(MODEL);
        enforcer = new Enforcer(model);
        enforcer.enableLog(false);
        enforcer.addFunction("has", new Has());
        List<List<String>> rows = new ArrayList<>();
        for (Entitlement one : world.entitlements()) {
            rows.add(List.of(one.tenant().toString(), one.state(), list(one.agents()), list(one.channels())));
        }
        enforcer.addPolicies(rows);
    }

    private static String list(Iterable<String> values) {
        return "," + String.join(",", values) + ",";
    }

    @Override
    public boolean allows(Question question) {
        return enforcer.enforce(question.tenant().toString(), question.agent(), question.channel());
    }

    /** Whether a list has a member. */
    private static final class Has extends CustomFunction {
        @Override
        public AviatorObject call(Map<String, Object> env, AviatorObject list, AviatorObject member) {
            String all = FunctionUtils.getStringValue(list, env);
            String one = FunctionUtils.getStringValue(member, env);
            return AviatorBoolean.valueOf(all.contains("," + one + ","));
        }

        @Override
        public String getName() {
            return "has";
        }
    }
}
