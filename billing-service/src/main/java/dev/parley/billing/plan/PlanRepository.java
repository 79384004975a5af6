package dev.parley.billing.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.billing.money.Money;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.UncheckedIOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

@ApplicationScoped
class PlanRepository {
    private static final TypeReference<List<String>> STRINGS = new TypeReference<>() {};
    private static final TypeReference<Map<String, Rate>> RATES = new TypeReference<>() {};
    private static final TypeReference<Map<String, Map<String, Rate>>> AGENT_RATES = new TypeReference<>() {};
    private static final TypeReference<Map<String, Long>> NUMBERS = new TypeReference<>() {};

    private final ObjectMapper json;

    PlanRepository(ObjectMapper json) {
        this.json = json;
    }

    /** Makes sure that the plan exists and holds its row, so that versions are numbered one after another. */
    void lock(Handle handle, String code, String actor) {
        handle.createUpdate("""
                        insert into app.plan (code, created_by) values (:code, :actor)
                        on conflict (code) do update set updated_at = now()
                        """).bind("code", code).bind("actor", actor).execute();
    }

    void insert(Handle handle, Plan plan, String actor) {
        handle.createUpdate("""
                        insert into app.plan_version (plan_code, version, name, price_amount, currency, interval,
                            credits, rates, agent_rates, agents, channels, features, quotas, overage_mode, overage_cap,
                            overage_price_per_1000, trial_days, created_by)
                        values (:code, :version, :name, :amount, :currency, :interval, :credits, cast(:rates as jsonb),
                            cast(:agentRates as jsonb), cast(:agents as jsonb), cast(:channels as jsonb),
                            cast(:features as jsonb), cast(:quotas as jsonb), :mode, :cap,
                            :overagePrice, :trialDays, :actor)
                        """)
                .bind("code", plan.code())
                .bind("version", plan.version())
                .bind("name", plan.name())
                .bind("amount", plan.price().amount())
                .bind("currency", plan.price().currency())
                .bind("interval", plan.interval().wire())
                .bind("credits", plan.credits())
                .bind("rates", write(plan.rates()))
                .bind("agentRates", write(plan.agentRates()))
                .bind("agents", write(plan.agents()))
                .bind("channels", write(plan.channels()))
                .bind("features", write(plan.features()))
                .bind("quotas", write(plan.quotas()))
                .bind("mode", plan.overage().mode().wire())
                .bind("cap", plan.overage().cap())
                .bind("overagePrice", plan.overage().pricePer1000())
                .bind("trialDays", plan.trialDays())
                .bind("actor", actor)
                .execute();
    }

    Optional<Plan> newest(Handle handle, String code) {
        return handle.createQuery(
                        "select * from app.plan_version where plan_code = :code order by version desc limit 1")
                .bind("code", code)
                .map(this::plan)
                .findOne();
    }

    Optional<Plan> find(Handle handle, String code, int version) {
        return handle.createQuery("select * from app.plan_version where plan_code = :code and version = :version")
                .bind("code", code)
                .bind("version", version)
                .map(this::plan)
                .findOne();
    }

    List<Plan> newestOfEach(Handle handle) {
        return handle.createQuery("""
                        select v.* from app.plan p
                        cross join lateral (
                            select * from app.plan_version where plan_code = p.code order by version desc limit 1) v
                        order by v.price_amount, p.created_at, p.code
                        """).map(this::plan).list();
    }

    private Plan plan(ResultSet row, StatementContext context) throws SQLException {
        Overage overage = new Overage(
                OverageMode.find(row.getString("overage_mode")).orElseThrow(),
                row.getObject("overage_cap", Long.class),
                row.getObject("overage_price_per_1000", Long.class));
        return new Plan(
                row.getString("plan_code"),
                row.getInt("version"),
                row.getString("name"),
                new Money(row.getLong("price_amount"), row.getString("currency")),
                BillingInterval.find(row.getString("interval")).orElseThrow(),
                row.getLong("credits"),
                read(row.getString("rates"), RATES),
                read(row.getString("agent_rates"), AGENT_RATES),
                read(row.getString("agents"), STRINGS),
                read(row.getString("channels"), STRINGS),
                read(row.getString("features"), STRINGS),
                read(row.getString("quotas"), NUMBERS),
                overage,
                row.getInt("trial_days"));
    }

    private String write(Object value) {
        try {
            return json.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private <T> T read(String text, TypeReference<T> type) {
        try {
            return json.readValue(text, type);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
