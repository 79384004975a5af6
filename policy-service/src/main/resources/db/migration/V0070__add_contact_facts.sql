-- What a decision was made from includes who would have been written to: {"opted_out"}.
alter table app.decision add column contact jsonb;
