-- A conversation's id is the channel's to choose; usage is booked whatever it looks like.
alter table app.usage_log alter column conversation_id type text;
