-- V0130 let them hold for what comes; reading what is there locks nobody out, in a transaction of its own.
set local lock_timeout = '5s';
alter table app.send_intent validate constraint send_intent_purpose_ck;
alter table app.send_intent validate constraint send_intent_sealed_ck;
