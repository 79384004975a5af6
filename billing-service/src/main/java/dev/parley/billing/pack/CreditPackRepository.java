package dev.parley.billing.pack;

import dev.parley.billing.money.Money;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

@ApplicationScoped
class CreditPackRepository {

    /** Makes sure that the pack exists and holds its row, so that versions are numbered one after another. */
    void lock(Handle handle, String code, String actor) {
        handle.createUpdate("""
                        insert into app.credit_pack (code, created_by) values (:code, :actor)
                        on conflict (code) do update set updated_at = now()
                        """).bind("code", code).bind("actor", actor).execute();
    }

    void insert(Handle handle, CreditPack pack, String actor) {
        handle.createUpdate("""
                        insert into app.credit_pack_version
                            (pack_code, version, name, price_amount, currency, credits, valid_days, created_by)
                        values (:code, :version, :name, :amount, :currency, :credits, :validDays, :actor)
                        """)
                .bind("code", pack.code())
                .bind("version", pack.version())
                .bind("name", pack.name())
                .bind("amount", pack.price().amount())
                .bind("currency", pack.price().currency())
                .bind("credits", pack.credits())
                .bind("validDays", pack.validDays())
                .bind("actor", actor)
                .execute();
    }

    Optional<CreditPack> newest(Handle handle, String code) {
        return handle.createQuery("""
                        select * from app.credit_pack_version where pack_code = :code order by version desc limit 1
                        """)
                .bind("code", code)
                .map(CreditPackRepository::pack)
                .findOne();
    }

    Optional<CreditPack> find(Handle handle, String code, int version) {
        return handle.createQuery(
                        "select * from app.credit_pack_version where pack_code = :code and version = :version")
                .bind("code", code)
                .bind("version", version)
                .map(CreditPackRepository::pack)
                .findOne();
    }

    List<CreditPack> newestOfEach(Handle handle) {
        return handle.createQuery("""
                        select v.* from app.credit_pack p
                        cross join lateral (
                            select * from app.credit_pack_version where pack_code = p.code
                            order by version desc limit 1) v
                        order by v.price_amount, p.created_at, p.code
                        """).map(CreditPackRepository::pack).list();
    }

    private static CreditPack pack(ResultSet row, StatementContext context) throws SQLException {
        return new CreditPack(
                row.getString("pack_code"),
                row.getInt("version"),
                row.getString("name"),
                new Money(row.getLong("price_amount"), row.getString("currency")),
                row.getLong("credits"),
                row.getObject("valid_days", Integer.class));
    }
}
