-- Which function a person is asked for: another of the same name, or a changed one, is not what was approved.
alter table app.tool_approval add column tool_version text not null default '';
