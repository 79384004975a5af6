-- A balance is compensated only after policy has answered a question that was asked when the drift was found: what was on
-- its way until then is booked by now, and would be booked twice else.
alter table app.reconciliation_drift add column echoed_at timestamptz;
