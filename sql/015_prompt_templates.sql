-- Of the versions of a prompt at most one is active, the one that is sent. Where SQL left several, the highest stays so.
-- Lock cost: SHARE ROW EXCLUSIVE on prompt_templates while a small index is built; who writes prompts waits for it, readers do not.

-- Before the update: nobody may make another version active between it and the index.
lock table prompt_templates in share row exclusive mode;

update prompt_templates as p set active = false
 where active and version < (select max(version) from prompt_templates where name = p.name and active);

create unique index prompt_templates_have_one_active_version on prompt_templates (name) where active;
