-- What asks a customer to write again when an answer waits for it: part 0 of the answer.
alter table app.channel_account
    add column held_template          text,
    add column held_template_language text,
    add constraint channel_account_held_template_ck check ((held_template is null) = (held_template_language is null));
