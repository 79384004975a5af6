-- A contact is a person, an identity is how a messenger knows that person. A phone number is one person's: who writes
-- from a known number is known. A contact that was merged stays as a signpost to the one that it was merged into.
create table app.contact_identity (
    tenant_id          uuid        not null,
    channel_account_id uuid        not null,
    external_id        text        not null,  -- the vendor's id of the person
    channel            text        not null,
    contact_id         uuid        not null,
    display_name       text,                  -- as the person calls itself there
    username           text,
    language           text,
    created_at         timestamptz not null default now(),
    updated_at         timestamptz not null default now(),
    constraint contact_identity_tenant_id_channel_account_id_external_id_pk
        primary key (tenant_id, channel_account_id, external_id),
    constraint contact_identity_tenant_id_channel_account_id_fk foreign key (tenant_id, channel_account_id)
        references app.channel_account (tenant_id, id),
    constraint contact_identity_tenant_id_contact_id_fk foreign key (tenant_id, contact_id)
        references app.contact (tenant_id, id)
);
create index contact_identity_tenant_id_contact_id_ix on app.contact_identity (tenant_id, contact_id);
-- The owner sees no rows where row level security is forced, so it is not while they are copied.
alter table app.contact no force row level security;
insert into app.contact_identity (tenant_id, channel_account_id, external_id, channel, contact_id, display_name, username,
                                  language, created_at, updated_at)
    select tenant_id, channel_account_id, external_id, channel, id, display_name, username, language, created_at,
           updated_at
      from app.contact;
alter table app.contact force row level security;
alter table app.contact_identity enable row level security;
alter table app.contact_identity force row level security;
create policy contact_identity_tenant_isolation on app.contact_identity for all to ${app_role}, ${eraser_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
grant select, insert, update, delete on app.contact_identity to ${app_role};
grant select, delete on app.contact_identity to ${eraser_role};

alter table app.contact
    drop constraint contact_tenant_id_channel_account_id_external_id_uq,
    drop constraint contact_tenant_id_channel_account_id_fk,
    drop column channel,
    drop column channel_account_id,
    drop column external_id,
    drop column username,
    add column phone           text,                           -- E.164
    add column phone_raw       text,                           -- as it was given
    add column email           text,
    add column fields          jsonb       not null default '{}',
    add column time_zone       text,
    add column consented_at    timestamptz,
    add column consent_source  text,
    add column opted_out_at    timestamptz,
    add column opt_out_message uuid,                           -- the message that asked for it, and the word in it
    add column opt_out_word    text,
    add column merged_into     uuid,
    add column created_by      text        not null default 'messenger';
create unique index contact_tenant_id_phone_uq on app.contact (tenant_id, phone) where phone is not null;
create index conversation_tenant_id_contact_id_ix on app.conversation (tenant_id, contact_id);
