-- The types of files, beside pictures, that a provider's models read; null for those that its kind reads.
alter table app.llm_provider add column reads jsonb;
