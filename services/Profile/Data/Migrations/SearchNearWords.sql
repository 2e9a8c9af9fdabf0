-- The words of the dictionary that may have been meant, the nearest first. Most long words with a slip still share 0.4 of their trigrams; a few
-- candidates are then compared letter by letter instead of thousands. Where none is so near, and for short words, of which one slip leaves
-- little, those that share 0.2 are.
CREATE OR REPLACE FUNCTION search_alternatives(typed text) RETURNS SETOF text LANGUAGE plpgsql STABLE
SET pg_trgm.similarity_threshold = 0.4
AS $$
DECLARE changes int := CASE WHEN length(typed) <= 3 THEN 1 WHEN length(typed) <= 8 THEN 2 ELSE 3 END;
BEGIN
    IF length(typed) < 6 THEN
        PERFORM set_config('pg_trgm.similarity_threshold', '0.2', true);
    END IF;
    FOR try IN 1..2 LOOP
        RETURN QUERY SELECT word FROM search_words
            WHERE word % typed AND levenshtein_less_equal(word, typed, changes) <= changes
            ORDER BY levenshtein(word, typed) - similarity(word, typed), word LIMIT 8;
        EXIT WHEN FOUND;
        PERFORM set_config('pg_trgm.similarity_threshold', '0.2', true);
    END LOOP;
END $$;
