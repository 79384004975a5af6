-- One-time codes: of a code only its HMAC is kept here. What has to be sent is sealed with the send until that ends, and
-- struck out then by the database itself, whoever ends it; a send of a code that is over is not made any more.
set local lock_timeout = '5s';
create table app.otp (
    tenant_id          uuid        not null,
    id                 uuid        not null,
    channel_account_id uuid        not null,
    conversation_id    uuid        not null,
    operation_id       uuid        not null,
    recipient          text        not null,  -- a number in E.164, an address or a chat
    number_block       text,                  -- the number without its last four digits
    purpose            text        not null,
    reference          text        not null,  -- the transaction that it is for, in the tenant's terms
    digest             bytea       not null,
    tries              int         not null default 0,
    most_tries         int         not null,
    state              text        not null default 'PENDING' constraint otp_state_ck
        check (state in ('PENDING', 'APPROVED', 'CANCELLED')),
    expires_at         timestamptz not null,
    approved_at        timestamptz,
    created_by         text        not null,
    created_at         timestamptz not null default now(),
    updated_at         timestamptz not null default now(),
    constraint otp_tenant_id_id_pk primary key (tenant_id, id),
    constraint otp_tries_ck check (tries between 0 and most_tries),
    constraint otp_approved_ck check ((state = 'APPROVED') = (approved_at is not null)),
    constraint otp_tenant_id_channel_account_id_fk foreign key (tenant_id, channel_account_id)
        references app.channel_account (tenant_id, id)
);
create index otp_tenant_id_created_at_ix on app.otp (tenant_id, created_at);
create index otp_tenant_id_recipient_pending_ix on app.otp (tenant_id, recipient) where state = 'PENDING';
create index otp_created_at_ix on app.otp (created_at);
alter table app.otp enable row level security;
alter table app.otp force row level security;
create policy otp_tenant_isolation on app.otp for all to ${app_role}, ${eraser_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
create policy otp_relay on app.otp for all to ${relay_role} using (true) with check (true);
grant select, insert, update, delete on app.otp to ${app_role};
grant select, delete on app.otp to ${eraser_role};
grant select (created_at), delete on app.otp to ${relay_role};

alter table app.send_intent
    add column sealed    bytea,        -- the code of a code's send, encrypted
    add column not_after timestamptz,
    drop constraint send_intent_purpose_ck,
    add constraint send_intent_purpose_ck check (purpose in ('reply', 'staff', 'notice', 'code')) not valid,
    add constraint send_intent_sealed_ck check (sealed is null or state in ('PENDING', 'SENDING')) not valid;
grant select (purpose) on app.send_intent to ${relay_role};

create function app.strike_out_code() returns trigger language plpgsql as $$
begin
    new.sealed := null;
    return new;
end
$$;
create trigger send_intent_strike_out_code before update on app.send_intent
    for each row when (new.sealed is not null and new.state not in ('PENDING', 'SENDING'))
    execute function app.strike_out_code();
