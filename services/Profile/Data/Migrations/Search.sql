CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS unaccent;
CREATE EXTENSION IF NOT EXISTS fuzzystrmatch;

-- unaccent itself is not immutable, because its dictionary could be another one tomorrow; named in full it is.
CREATE FUNCTION search_fold(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$ SELECT lower(public.unaccent('public.unaccent'::regdictionary, $1)) $$;

-- The words of a text, folded, in their order.
CREATE FUNCTION search_tokens(text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$ SELECT ARRAY(SELECT left(w, 64) FROM regexp_split_to_table(search_fold($1), '[^[:alnum:]]+') WITH ORDINALITY AS s(w, n) WHERE w <> '' ORDER BY n) $$;

CREATE TABLE search_documents (
    kind text NOT NULL,
    id uuid NOT NULL,
    owner_id uuid,
    title text NOT NULL,
    listed boolean NOT NULL,
    in_pool boolean NOT NULL,
    genre text,
    mood text,
    key text,
    tempo double precision,
    words tsvector NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (kind, id));

-- Every word that a document has ever had: what misspelled ones are compared with.
CREATE TABLE search_words (word text PRIMARY KEY);
CREATE INDEX ix_search_words_trigrams ON search_words USING gin (word gin_trgm_ops) WITH (fastupdate = off);

-- An index for each kind, of what is listed: none has to pass over what the caller did not ask for. Without the pending list, whose flush one search in many would pay.
CREATE INDEX ix_search_documents_tracks ON search_documents USING gin (words) WITH (fastupdate = off) WHERE listed AND kind = 'track';
CREATE INDEX ix_search_documents_pool ON search_documents USING gin (words) WITH (fastupdate = off) WHERE in_pool;
CREATE INDEX ix_search_documents_people ON search_documents USING gin (words) WITH (fastupdate = off) WHERE listed AND kind = 'person';
CREATE INDEX ix_search_documents_collections ON search_documents USING gin (words) WITH (fastupdate = off) WHERE listed AND kind = 'collection';
CREATE INDEX ix_search_documents_title ON search_documents (kind, title text_pattern_ops) WHERE listed;
CREATE INDEX ix_search_documents_newest ON search_documents (kind, created_at DESC) WHERE listed;
CREATE INDEX ix_search_documents_sound ON search_documents (genre, tempo) WHERE listed AND kind = 'track';
CREATE INDEX ix_search_documents_unlisted ON search_documents (owner_id) WHERE NOT listed;

CREATE FUNCTION search_put(kind text, id uuid, owner uuid, title text, listed boolean, in_pool boolean, genre text, mood text, key text, tempo double precision, created_at timestamptz)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE found text[] := search_tokens(title);
BEGIN
    -- In one order, so that two writers of the same new words don't wait for each other.
    INSERT INTO search_words SELECT DISTINCT w FROM unnest(found) AS w WHERE NOT EXISTS (SELECT FROM search_words s WHERE s.word = w) ORDER BY w ON CONFLICT DO NOTHING;
    INSERT INTO search_documents VALUES (
        kind, id, owner, search_fold(title), listed, in_pool, genre, mood, key, tempo,
        array_to_tsvector(array_remove(found || ARRAY['genre:' || lower(genre), 'mood:' || lower(mood), 'key:' || lower(key), 'bpm:' || floor(tempo / 10)], NULL)), created_at)
    ON CONFLICT ON CONSTRAINT search_documents_pkey DO UPDATE SET
        owner_id = excluded.owner_id, title = excluded.title, listed = excluded.listed, in_pool = excluded.in_pool, genre = excluded.genre, mood = excluded.mood,
        key = excluded.key, tempo = excluded.tempo, words = excluded.words, created_at = excluded.created_at;
END $$;

-- Triggers, because tracks are written in many places (events in any order, erasure in batches), and none of them may forget the document.
CREATE FUNCTION search_track() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        DELETE FROM search_documents d WHERE d.kind = 'track' AND d.id = OLD.generation_id;
    ELSIF NEW.completed_at IS NULL OR NEW.deleted OR NEW.hidden THEN
        DELETE FROM search_documents d WHERE d.kind = 'track' AND d.id = NEW.generation_id;
    ELSE
        PERFORM search_put('track', NEW.generation_id, NEW.owner_id, coalesce(NEW.title, ''), NEW.listed, NEW.listed AND NEW.contributed,
            NEW.genre, NEW.mood, NEW.key, NEW.tempo, NEW.completed_at);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER search_track_made AFTER INSERT OR DELETE ON tracks FOR EACH ROW EXECUTE FUNCTION search_track();
CREATE TRIGGER search_track_changed AFTER UPDATE ON tracks FOR EACH ROW WHEN (
    (OLD.owner_id, OLD.title, OLD.genre, OLD.mood, OLD.key, OLD.tempo, OLD.completed_at, OLD.visibility, OLD.hidden, OLD.deleted, OLD.contributed) IS DISTINCT FROM
    (NEW.owner_id, NEW.title, NEW.genre, NEW.mood, NEW.key, NEW.tempo, NEW.completed_at, NEW.visibility, NEW.hidden, NEW.deleted, NEW.contributed))
    EXECUTE FUNCTION search_track();

CREATE FUNCTION search_person() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        DELETE FROM search_documents d WHERE d.kind = 'person' AND d.id = OLD.id;
    ELSE
        PERFORM search_put('person', NEW.id, NEW.id, NEW.username || CASE WHEN NEW.display_name = NEW.username THEN '' ELSE ' ' || NEW.display_name END,
            true, false, NULL, NULL, NULL, NULL, NEW.created_at);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER search_person_made AFTER INSERT OR DELETE ON accounts FOR EACH ROW EXECUTE FUNCTION search_person();
CREATE TRIGGER search_person_changed AFTER UPDATE ON accounts FOR EACH ROW WHEN (
    (OLD.username, OLD.display_name) IS DISTINCT FROM (NEW.username, NEW.display_name)) EXECUTE FUNCTION search_person();

-- The words that a mistyped one may mean, the nearest first.
CREATE FUNCTION search_alternatives(typed text) RETURNS SETOF text LANGUAGE sql STABLE
SET pg_trgm.similarity_threshold = 0.2
AS $$
    SELECT word FROM search_words
    WHERE word % typed AND levenshtein_less_equal(word, typed, 3) <= CASE WHEN length(typed) <= 3 THEN 1 WHEN length(typed) <= 8 THEN 2 ELSE 3 END
    ORDER BY levenshtein(word, typed) - similarity(word, typed), word LIMIT 8
$$;

-- What is asked for, literally; the last word may go on. One or two letters are left to the index of titles.
CREATE FUNCTION search_exact(tokens text[]) RETURNS tsquery LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(string_agg(CASE WHEN n = cardinality(tokens) THEN '''' || w || ''':*' ELSE '''' || w || '''' END, ' & '), '')::tsquery
    FROM unnest(tokens) WITH ORDINALITY AS t(w, n) WHERE n < cardinality(tokens) OR length(w) > 2
$$;

-- What may have been meant: of each word the alternatives; words that resemble none are left out.
CREATE FUNCTION search_fuzzy(tokens text[]) RETURNS tsquery LANGUAGE sql STABLE AS $$
    SELECT coalesce(string_agg('(' || a.any_of || ')', ' & '), '')::tsquery
    FROM unnest(tokens) WITH ORDINALITY AS t(w, n)
    CROSS JOIN LATERAL (SELECT string_agg('''' || s || '''', ' | ') AS any_of FROM search_alternatives(t.w) AS s) a
    WHERE a.any_of IS NOT NULL AND (length(w) > 2 OR n < cardinality(tokens))
$$;

SELECT search_put('track', generation_id, owner_id, coalesce(title, ''), listed, listed AND contributed, genre, mood, key, tempo, completed_at)
FROM tracks WHERE completed_at IS NOT NULL AND NOT deleted AND NOT hidden;
SELECT search_put('person', id, id, username || CASE WHEN display_name = username THEN '' ELSE ' ' || display_name END, true, false, NULL, NULL, NULL, NULL, created_at) FROM accounts;
