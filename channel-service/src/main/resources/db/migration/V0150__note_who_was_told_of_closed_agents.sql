-- While an agent is closed by its tenant's schedule, a messenger's customer is told so once: this is the opening of the
-- closed time of which they were told last, infinity where there is none.
set local lock_timeout = '5s';
alter table app.conversation add column closed_told_for timestamptz;
