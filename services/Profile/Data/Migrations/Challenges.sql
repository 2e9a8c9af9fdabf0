-- An entry is a public track; what is no longer public is withdrawn, and votes for it are void. By a trigger, because tracks are written in many places
-- (events in any order, erasure in batches), and none of them may forget it. What has a place keeps it.
CREATE FUNCTION challenge_withdraw() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE challenge_entries SET withdrawn = true WHERE generation_id = OLD.generation_id AND NOT withdrawn AND place IS NULL;
    DELETE FROM challenge_votes v USING challenge_entries e WHERE e.id = v.entry_id AND e.generation_id = OLD.generation_id AND e.withdrawn;
    RETURN NULL;
END $$;
CREATE TRIGGER challenge_withdraw_changed AFTER UPDATE ON tracks FOR EACH ROW WHEN (OLD.listed AND NOT NEW.listed) EXECUTE FUNCTION challenge_withdraw();
CREATE TRIGGER challenge_withdraw_deleted AFTER DELETE ON tracks FOR EACH ROW EXECUTE FUNCTION challenge_withdraw();
