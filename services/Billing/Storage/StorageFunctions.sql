-- What a member's stored tracks occupy together stands in accounts.storage_bytes, so that a reservation reads it from the row that it locks
-- anyway.
-- Events about one track come on several queues in any order: the one with the highest sequence counts.
CREATE OR REPLACE FUNCTION store_track(p_id uuid, p_user uuid, p_bytes bigint, p_sequence bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    t stored_tracks;
BEGIN
    PERFORM lock_account(p_user);
    SELECT * INTO t FROM stored_tracks WHERE generation_id = p_id;
    IF NOT FOUND THEN
        INSERT INTO stored_tracks (generation_id, user_id, bytes, sequence) VALUES (p_id, p_user, p_bytes, p_sequence);
        UPDATE accounts SET storage_bytes = storage_bytes + p_bytes WHERE user_id = p_user;
    ELSIF t.user_id = p_user AND p_sequence >= t.sequence THEN
        UPDATE stored_tracks SET bytes = p_bytes, sequence = p_sequence WHERE generation_id = p_id;
        UPDATE accounts SET storage_bytes = storage_bytes + p_bytes - t.bytes WHERE user_id = p_user;
    END IF;
END $$;
