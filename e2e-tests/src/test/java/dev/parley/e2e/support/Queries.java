package dev.parley.e2e.support;

/** What the checker asks the databases; each query has one parameter, the tenant. */
final class Queries {
    static final String LEDGER_BALANCE = """
            select coalesce(sum(credits), 0) from app.ledger_entry where tenant_id = ? and account = 'credits:available'
            """;
    static final String POLICY_BALANCE =
            "select coalesce(sum(available), 0) from app.credit_account where tenant_id = ?";
    static final String OPEN_HOLDS = "select count(*) from app.hold where tenant_id = ? and state = 'held'";
    static final String SETTLED_CREDITS =
            "select coalesce(sum(charged), 0) from app.hold where tenant_id = ? and state = 'settled'";
    static final String USAGE_CREDITS = "select coalesce(sum(credits), 0) from app.usage_log where tenant_id = ?";
    static final String UNBALANCED = """
            select count(*) from (select transfer_id from app.ledger_entry where tenant_id = ?
                                  group by transfer_id having sum(credits) <> 0) unbalanced
            """;

    private Queries() {}
}
