-- Emptying the table takes the same short time however much it holds; deleting row by row would keep whoever writes
-- one of them waiting. Rows of a type that is not the stack's stay.
DO $$
BEGIN
    LOCK TABLE contact_infos IN ACCESS EXCLUSIVE MODE;
    IF EXISTS (SELECT FROM contact_infos WHERE entity_type NOT IN
            ('application', 'client', 'end_device', 'gateway', 'organization', 'user')) THEN
        DELETE FROM contact_infos
        WHERE entity_type IN ('application', 'client', 'end_device', 'gateway', 'organization', 'user');
    ELSE
        TRUNCATE contact_infos;
    END IF;
END
$$;
