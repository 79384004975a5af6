-- How far a message that the vendor took has come: of each send as the vendor tells it, of the message the least of its
-- sends. A vendor may tell it before our own note that it took the message: such a word waits for its send.
alter table app.send_intent
    add column delivery       text constraint send_intent_delivery_ck check (delivery in ('sent', 'failed', 'delivered', 'read')),
    add column delivery_at    timestamptz,
    add column delivery_error text;
create index send_intent_tenant_id_channel_account_id_provider_message_id_ix
    on app.send_intent (tenant_id, channel_account_id, provider_message_id) where provider_message_id is not null;
alter table app.message
    add column delivery text constraint message_delivery_ck check (delivery in ('sent', 'failed', 'delivered', 'read'));

create table app.early_status (
    tenant_id           uuid        not null,
    channel_account_id  uuid        not null,
    provider_message_id text        not null,
    delivery            text        not null,
    delivery_at         timestamptz not null,
    delivery_error      text,
    created_at          timestamptz not null default now(),
    updated_at          timestamptz not null default now(),
    constraint early_status_tenant_id_account_id_provider_message_id_pk
        primary key (tenant_id, channel_account_id, provider_message_id),
    constraint early_status_tenant_id_channel_account_id_fk foreign key (tenant_id, channel_account_id)
        references app.channel_account (tenant_id, id)
);
alter table app.early_status enable row level security;
alter table app.early_status force row level security;
create policy early_status_tenant_isolation on app.early_status for all to ${app_role}, ${eraser_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
grant select, insert, update, delete on app.early_status to ${app_role};
grant select, delete on app.early_status to ${eraser_role};
