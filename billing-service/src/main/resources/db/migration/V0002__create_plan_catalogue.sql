-- The catalogue of plans belongs to the platform, not to a tenant. A version is written once: a change makes the next
-- one, and a subscriber keeps the version it bought.
create table app.plan (
    code       text        not null,
    created_by text        not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint plan_code_pk primary key (code)
);

create table app.plan_version (
    plan_code     text        not null,
    version       int         not null,
    name          text        not null,
    price_amount  bigint      not null,
    currency      text        not null,
    interval      text        not null,
    credits       bigint      not null,
    rates         jsonb       not null,
    agents        jsonb       not null,
    channels      jsonb       not null,
    quotas        jsonb       not null,
    overage_mode  text        not null,
    overage_cap   bigint,
    trial_days    int         not null,
    created_by    text        not null,
    created_at    timestamptz not null default now(),
    constraint plan_version_plan_code_version_pk primary key (plan_code, version),
    constraint plan_version_plan_code_fk foreign key (plan_code) references app.plan (code),
    constraint plan_version_price_amount_ck check (price_amount >= 0),
    constraint plan_version_currency_ck check (currency ~ '^[A-Z]{3}$'),
    constraint plan_version_interval_ck check (interval in ('month', 'year')),
    constraint plan_version_credits_ck check (credits >= 0),
    constraint plan_version_overage_ck check (
        (overage_mode = 'block' and overage_cap is null)
        or (overage_mode in ('charge_up_to_cap', 'carry_debt_to_next_cycle') and overage_cap >= 0)),
    constraint plan_version_trial_days_ck check (trial_days between 0 and 365)
);

grant select, insert, update on app.plan to ${app_role};
grant select, insert on app.plan_version to ${app_role};
grant select on app.plan_version to ${relay_role};
