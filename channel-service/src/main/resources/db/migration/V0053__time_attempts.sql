-- A vendor that did not answer is asked about the attempt, and a message is tried for a time and not a number of times.
alter table app.send_intent
    add column attempted_at       timestamptz,  -- when the last attempt began
    add column first_attempted_at timestamptz;  -- the first since it was planned or held
