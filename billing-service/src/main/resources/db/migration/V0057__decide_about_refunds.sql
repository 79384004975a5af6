-- A refund is a change by staff: policy decides about it, and a second admin may have to agree.
alter table app.payment_refund add column decision_id uuid not null;
alter table app.payment_refund add column approval_id uuid;
alter table app.payment_refund add column approved_by text;

-- What ended a lot; a refund of its price is booked as such and not as an expiry.
alter table app.credit_lot add column close_reason text;
