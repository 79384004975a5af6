-- The platform's rules: versions that never change, and which of them was put in force when. They belong to no tenant.
create table app.policy_rules (
    version    int         not null,
    document   jsonb       not null,
    created_by text        not null,
    created_at timestamptz not null default now(),
    constraint policy_rules_version_pk primary key (version)
);
create table app.policy_rules_activation (
    number     int         not null,             -- the last one counts
    version    int         not null,
    reason     text        not null,
    created_by text        not null,
    created_at timestamptz not null default now(),
    constraint policy_rules_activation_number_pk primary key (number),
    constraint policy_rules_activation_version_fk foreign key (version) references app.policy_rules (version)
);
create index policy_rules_activation_version_ix on app.policy_rules_activation (version, number);
grant select, insert on app.policy_rules, app.policy_rules_activation to ${app_role};
