-- Open streams of the collections that hold a track hear that it came into or out of sight, or is called otherwise: tracks are written in many places, and none may forget it.
CREATE FUNCTION collection_track_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('collections', i.collection_id::text) FROM (SELECT DISTINCT collection_id FROM collection_items WHERE generation_id = OLD.generation_id) i;
    RETURN NULL;
END $$;
CREATE TRIGGER collection_track_changed AFTER UPDATE ON tracks FOR EACH ROW WHEN (
    (OLD.owner_id, OLD.title, OLD.completed_at, OLD.visibility, OLD.hidden, OLD.illegal, OLD.deleted, OLD.contributed, OLD.claimed_by) IS DISTINCT FROM
    (NEW.owner_id, NEW.title, NEW.completed_at, NEW.visibility, NEW.hidden, NEW.illegal, NEW.deleted, NEW.contributed, NEW.claimed_by))
    EXECUTE FUNCTION collection_track_changed();
CREATE TRIGGER collection_track_gone AFTER DELETE ON tracks FOR EACH ROW EXECUTE FUNCTION collection_track_changed();

-- A collection's document: its title, and the genre and mood that most of its listed tracks have.
CREATE FUNCTION search_collection() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        DELETE FROM search_documents d WHERE d.kind = 'collection' AND d.id = OLD.id;
    ELSE
        PERFORM search_put('collection', c.id, c.owner_id, c.title, c.visibility = 'Public', false, most.genre, most.mood, NULL, NULL, c.created_at)
        FROM collections c CROSS JOIN LATERAL (
            SELECT mode() WITHIN GROUP (ORDER BY t.genre) AS genre, mode() WITHIN GROUP (ORDER BY t.mood) AS mood
            FROM collection_items i JOIN tracks t USING (generation_id) WHERE i.collection_id = c.id AND t.listed) most
        WHERE c.id = NEW.id;
    END IF;
    RETURN NULL;
END $$;
-- At commit, when the items stand that the collection counts; the row may be gone by then.
CREATE CONSTRAINT TRIGGER search_collection_made AFTER INSERT ON collections DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION search_collection();
CREATE CONSTRAINT TRIGGER search_collection_changed AFTER UPDATE ON collections DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (
    (OLD.title, OLD.visibility, OLD.item_count) IS DISTINCT FROM (NEW.title, NEW.visibility, NEW.item_count)) EXECUTE FUNCTION search_collection();
CREATE TRIGGER search_collection_gone AFTER DELETE ON collections FOR EACH ROW EXECUTE FUNCTION search_collection();
