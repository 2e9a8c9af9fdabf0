-- Tracks are found by their artist, genre and mood, too. Those words stand in the document with a mark, so that a title's own can be asked for alone.

-- A word that no document has any more is forgotten, once it has not been written for a good while.
ALTER TABLE search_words ADD COLUMN used_on date NOT NULL DEFAULT current_date;

-- The newest of a genre, mood or key, without passing over all the others.
CREATE INDEX ix_search_documents_genre ON search_documents (lower(genre), created_at DESC) WHERE listed AND kind = 'track';
CREATE INDEX ix_search_documents_mood ON search_documents (lower(mood), created_at DESC) WHERE listed AND kind = 'track';
CREATE INDEX ix_search_documents_key ON search_documents (lower(key), created_at DESC) WHERE listed AND kind = 'track';
-- How many tracks have each: else PostgreSQL expects a handful, and sorts all of them instead of reading the newest from the index.
CREATE STATISTICS search_documents_genre ON (lower(genre)) FROM search_documents;
CREATE STATISTICS search_documents_mood ON (lower(mood)) FROM search_documents;
CREATE STATISTICS search_documents_key ON (lower(key)) FROM search_documents;
CREATE INDEX ix_search_documents_owner ON search_documents (owner_id);

CREATE FUNCTION search_marked(mark text, words text[]) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$ SELECT ARRAY(SELECT mark || w FROM unnest(words) AS w) $$;

-- The words of whoever made something.
CREATE FUNCTION search_artist(owner uuid) RETURNS text[] LANGUAGE sql STABLE
AS $$ SELECT coalesce((SELECT search_tokens(username || ' ' || display_name) FROM accounts WHERE id = owner), '{}') $$;

-- Writes the day of use once in a month only: a word is no row that writers wait for.
CREATE FUNCTION search_learn(words text[]) RETURNS void LANGUAGE sql AS $$
    -- In one order, so that two writers of the same new words don't wait for each other.
    INSERT INTO search_words AS known (word, used_on)
    SELECT DISTINCT w, current_date FROM unnest(words) AS w WHERE NOT EXISTS (SELECT FROM search_words s WHERE s.word = w AND s.used_on > current_date - 30) ORDER BY w
    ON CONFLICT (word) DO UPDATE SET used_on = excluded.used_on WHERE known.used_on < excluded.used_on
$$;

CREATE OR REPLACE FUNCTION search_put(kind text, id uuid, owner uuid, title text, listed boolean, in_pool boolean, genre text, mood text, key text, tempo double precision, created_at timestamptz)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    own text[] := search_tokens(title);
    artist text[] := CASE WHEN kind = 'person' THEN '{}' ELSE search_artist(owner) END;
    style text[] := search_tokens(concat_ws(' ', genre, mood));
BEGIN
    PERFORM search_learn(own || artist || style);
    INSERT INTO search_documents VALUES (
        kind, id, owner, search_fold(title), listed, in_pool, genre, mood, key, tempo,
        array_to_tsvector(array_remove(
            own || search_marked('by:', artist) || search_marked('of:', style) || ARRAY['genre:' || lower(genre), 'mood:' || lower(mood), 'key:' || lower(key), 'bpm:' || floor(tempo / 10)], NULL)),
        created_at)
    ON CONFLICT ON CONSTRAINT search_documents_pkey DO UPDATE SET
        owner_id = excluded.owner_id, title = excluded.title, listed = excluded.listed, in_pool = excluded.in_pool, genre = excluded.genre, mood = excluded.mood,
        key = excluded.key, tempo = excluded.tempo, words = excluded.words, created_at = excluded.created_at;
END $$;

CREATE OR REPLACE FUNCTION search_person() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        -- Words that only this member used go with the next cleaning. Locked in one order, as they are learned.
        WITH own AS (
            SELECT s.word FROM search_words s WHERE s.word IN (
                SELECT regexp_replace(w, '^(by|of):', '') FROM search_documents d, unnest(tsvector_to_array(d.words)) AS w WHERE d.owner_id = OLD.id)
            ORDER BY s.word FOR UPDATE)
        UPDATE search_words s SET used_on = '-infinity' FROM own WHERE s.word = own.word;
        DELETE FROM search_documents d WHERE d.kind = 'person' AND d.id = OLD.id;
    ELSE
        PERFORM search_put('person', NEW.id, NEW.id, NEW.username || CASE WHEN NEW.display_name = NEW.username THEN '' ELSE ' ' || NEW.display_name END,
            true, false, NULL, NULL, NULL, NULL, NEW.created_at);
        IF TG_OP = 'UPDATE' THEN
            UPDATE search_documents d SET words = array_to_tsvector(
                ARRAY(SELECT w FROM unnest(tsvector_to_array(d.words)) AS w WHERE NOT starts_with(w, 'by:')) || search_marked('by:', search_artist(NEW.id)))
            WHERE d.owner_id = NEW.id AND d.kind <> 'person';
        END IF;
    END IF;
    RETURN NULL;
END $$;

-- What is asked for, where at least one word is the artist's, the genre's or the mood's, and the others stand anywhere.
CREATE FUNCTION search_around(tokens text[]) RETURNS tsquery LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(string_agg(format('(%1$s | %2$s | %3$s)', own, artist, style), ' & ') || ' & (' || string_agg(format('%1$s | %2$s', artist, style), ' | ') || ')', '')::tsquery
    FROM (
        SELECT '''' || w || '''' || goes_on AS own, '''by:' || w || '''' || goes_on AS artist, '''of:' || w || '''' || goes_on AS style
        FROM unnest(tokens) WITH ORDINALITY AS t(w, n), LATERAL (SELECT CASE WHEN n = cardinality(tokens) THEN ':*' ELSE '' END) AS last(goes_on)
        WHERE n < cardinality(tokens) OR length(w) > 2) AS words
$$;

-- The whole name of an artist, or a part of it that is whole words.
CREATE FUNCTION search_by(tokens text[]) RETURNS tsquery LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(string_agg('''by:' || w || '''', ' & '), '')::tsquery FROM unnest(tokens) AS w
$$;

CREATE OR REPLACE FUNCTION search_fuzzy(tokens text[]) RETURNS tsquery LANGUAGE sql STABLE AS $$
    SELECT coalesce(string_agg('(' || a.any_of || ')', ' & '), '')::tsquery
    FROM unnest(tokens) WITH ORDINALITY AS t(w, n)
    CROSS JOIN LATERAL (SELECT string_agg('''' || s || ''' | ''by:' || s || '''', ' | ') AS any_of FROM search_alternatives(t.w) AS s) a
    WHERE a.any_of IS NOT NULL AND (length(w) > 2 OR n < cardinality(tokens))
$$;

SELECT search_put('track', generation_id, owner_id, coalesce(title, ''), listed, listed AND contributed, genre, mood, key, tempo, completed_at)
FROM tracks WHERE completed_at IS NOT NULL AND NOT deleted AND NOT hidden;
SELECT search_put('collection', id, owner_id, title, listed, in_pool, genre, mood, key, tempo, created_at) FROM search_documents WHERE kind = 'collection';
