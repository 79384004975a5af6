-- Erasure and retention. ${eraser_role} may read and delete the rows of the one tenant that its transaction names, and
-- write nothing but its counts; the app role keeps its lack of DELETE on what is of record.
-- A tenant table that a later migration makes needs the same two lines; a test of every service says so.
-- Copied verbatim as V0031__add_lifecycle.sql.
alter table app.tenant_event_key
    add column retention   jsonb       not null default '{}',    -- kind of data -> days; a kind without days is kept
    add column purge_after timestamptz not null default now(),
    add column erased_rows jsonb       not null default '{}';    -- table -> rows deleted by the erasure
create index tenant_event_key_purge_after_ix on app.tenant_event_key (purge_after);
create policy tenant_event_key_lease on app.tenant_event_key for update to ${relay_role} using (true) with check (true);
grant update (purge_after) on app.tenant_event_key to ${relay_role};

grant usage on schema app to ${eraser_role};
do $$
declare t record;
begin
    for t in select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
              where c.relnamespace = 'app'::regnamespace and c.relkind = 'r' loop
        execute format('alter policy %1$s_tenant_isolation on app.%1$s to ${app_role}, ${eraser_role}', t.relname);
        execute format('grant select, delete on app.%s to ${eraser_role}', t.relname);
    end loop;
end $$;
revoke delete on app.tenant_event_key from ${eraser_role};
grant update (erased_rows) on app.tenant_event_key to ${eraser_role};
