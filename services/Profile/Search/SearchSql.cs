using System.Globalization;

namespace Son1kVers3.Profile.Search;

/// <summary>The statements of searches.</summary>
/// <remarks>
/// <para>Parameters: <c>$1</c> the caller or null, <c>$2</c> what was typed (or the track of <c>similarTo</c>), <c>$3</c> the filters' <c>tsquery</c>, <c>$4</c>/<c>$5</c> the tempo's bounds,
/// <c>$6</c>/<c>$7</c> score and id of the last one of the page before, <c>$8</c> the limit.</para>
/// <para>Each yields the CTE <c>matches (id, score, genre, mood, key, tempo)</c>. What is ranked is bounded (titles that begin with the text, then those that have its words, then what an artist, genre
/// or mood of these words made, then, where all that is few, documents whose words resemble them), so that a word that a tenth of all documents has costs no more than a rare one. Nothing that the caller may not see ever gets among the matches.</para>
/// </remarks>
internal static class SearchSql
{
    private const int Features = 32;

    // Where as many titles begin with the text, no others are looked for.
    private const int MostBegun = 300;

    // How near the title is to the text, in two numbers from 0 to 1. Where all words are there, the share of the title that they are says it, and
    // costs nothing; comparing trigrams of hundreds of titles would be half of a search's time.
    private const string HasAllWords = "1 + least(1, length((SELECT q FROM asked))::float8 / greatest(1, length(d.title)))";
    private const string Resembles = "similarity(d.title, (SELECT q FROM asked)) + word_similarity((SELECT q FROM asked), d.title)";

    // What every branch must have: it names the partial index, too.
    private static string Of(SearchType type) => type switch
    {
        SearchType.People => "d.listed AND d.kind = 'person'",
        SearchType.Collections => "d.listed AND d.kind = 'collection'",
        SearchType.Pool => "d.in_pool AND d.listed AND d.kind = 'track'",
        _ => "d.listed AND d.kind = 'track'",
    };

    private static string Unlisted(SearchType type) => type switch
    {
        SearchType.Tracks => "NOT d.listed AND d.owner_id = $1 AND d.kind = 'track'",
        SearchType.Collections =>
            """
            NOT d.listed AND d.kind = 'collection'
                AND d.id = ANY(ARRAY(SELECT id FROM collections WHERE owner_id = $1 UNION SELECT collection_id FROM collection_editors WHERE account_id = $1))
            """,
        _ => "false",
    };

    private static string Tempo(SearchType type) =>
        type is SearchType.Tracks or SearchType.Pool ? "($4::float8 = 0 AND $5::float8 = 400 OR d.tempo BETWEEN $4::float8 AND $5::float8)" : "$4::float8 <= $5::float8";

    private static string Filtered(SearchFilter filter) => filter.Lexemes.Length > 0 ? "d.words @@ $3::tsquery" : "$3::text = ''";

    /// <summary>Matches of what was typed.</summary>
    /// <remarks>
    /// Words that resemble what was typed are looked for where nothing has its words, or hardly anything its only word: where several words stand
    /// together none of them is misspelled, and looking costs more than all the rest. Where many titles have the words, only an artist's whole name
    /// counts beside them; where hundreds begin with the text, those that have it further on would come after all of them. Titles of one or two typed
    /// letters are too many to look through for a rare filter: the first 3,000 in their order are.
    /// </remarks>
    public static string Typed(SearchFilter filter) =>
        $"""
        WITH asked AS MATERIALIZED (SELECT search_fold($2) AS q, (search_tokens($2))[1:8] AS tokens),
        exact AS MATERIALIZED (SELECT CASE WHEN numnode(e) = 0 THEN e ELSE e && $3::tsquery END AS query FROM (SELECT search_exact(tokens) AS e FROM asked) x),
        beside AS MATERIALIZED (SELECT CASE WHEN numnode(a) = 0 THEN a ELSE a && $3::tsquery END AS query, by FROM (SELECT search_around(tokens) AS a, search_by(tokens) AS by FROM asked) x),
        begun AS MATERIALIZED (
            SELECT {Ranked(HasAllWords)} FROM (
                SELECT * FROM search_documents d WHERE {Of(filter.Type)}
                    AND d.title ~>=~ (SELECT q FROM asked) AND d.title ~<~ (SELECT q || chr(1114111) FROM asked) LIMIT 3000) d
            WHERE {Filtered(filter)} AND {Tempo(filter.Type)} LIMIT {MostBegun}),
        literal AS MATERIALIZED (
            SELECT {Ranked(HasAllWords)} FROM search_documents d WHERE (SELECT count(*) FROM begun) < {MostBegun}
                AND {Of(filter.Type)} AND {Tempo(filter.Type)} AND d.words @@ (SELECT query FROM exact) LIMIT 400),
        around AS MATERIALIZED (
            SELECT {Ranked(Resembles)} FROM search_documents d WHERE {Of(filter.Type)} AND {Tempo(filter.Type)}
                AND d.words @@ (SELECT CASE WHEN (SELECT count(*) FROM begun) + (SELECT count(*) FROM literal) < 100 THEN query ELSE by END FROM beside) LIMIT 200),
        few AS MATERIALIZED (
            SELECT (SELECT count(*) FROM begun) + (SELECT count(*) FROM literal) + (SELECT count(*) FROM around) < CASE WHEN cardinality(tokens) > 1 THEN 1 ELSE 5 END AS yes FROM asked),
        fuzzy AS MATERIALIZED (
            SELECT CASE WHEN yes THEN (SELECT CASE WHEN numnode(f) = 0 THEN f ELSE f && $3::tsquery END FROM (SELECT search_fuzzy(tokens) AS f FROM asked) x) ELSE ''::tsquery END AS query FROM few),
        resembling AS MATERIALIZED (
            SELECT {Ranked(Resembles)} FROM search_documents d WHERE (SELECT yes FROM few) AND {Of(filter.Type)} AND {Tempo(filter.Type)} AND d.words @@ (SELECT query FROM fuzzy) LIMIT 300),
        own AS MATERIALIZED (
            SELECT {Ranked(Resembles)} FROM search_documents d WHERE {Unlisted(filter.Type)} AND {Filtered(filter)} AND {Tempo(filter.Type)}
                AND (d.words @@ (SELECT query FROM exact) OR d.words @@ (SELECT query FROM beside) OR d.words @@ (SELECT query FROM fuzzy) OR starts_with(d.title, (SELECT q FROM asked))) LIMIT 300),
        matches AS MATERIALIZED (
            SELECT DISTINCT ON (id) id, genre, mood, key, tempo, (10000 * score)::bigint AS score
            FROM (SELECT * FROM begun UNION ALL SELECT * FROM literal UNION ALL SELECT * FROM around UNION ALL SELECT * FROM resembling UNION ALL SELECT * FROM own) d
            ORDER BY id, score DESC)
        """;

    private static string Ranked(string nearness) =>
        $"""
        d.id, d.genre, d.mood, d.key, d.tempo, {nearness}
            + CASE WHEN d.title = (SELECT q FROM asked) THEN 2 WHEN starts_with(d.title, (SELECT q FROM asked)) THEN 1 ELSE 0 END
            + CASE WHEN d.words @@ (SELECT by FROM beside) THEN 2 ELSE 0 END AS score
        """;

    /// <summary>The newest ones that the filters let through.</summary>
    public static string Newest(SearchFilter filter) =>
        $"""
        WITH matches AS MATERIALIZED (
            SELECT d.id, d.genre, d.mood, d.key, d.tempo, (extract(epoch FROM d.created_at) * 1000)::bigint AS score
            FROM search_documents d WHERE {(filter.Narrowest is { } column ? $"lower(d.{column}) = $2::text" : "$2::text = ''")} AND {Of(filter.Type)} AND {Filtered(filter)} AND {Tempo(filter.Type)}
            ORDER BY d.created_at DESC LIMIT 1000)
        """;

    /// <summary>What sounds like a track: of its genre and about its tempo at most 2,000, by their exact distance.</summary>
    public static string Similar(SearchFilter filter)
    {
        // Written out, because unnesting two arrays for each of 2,000 rows takes ten times as long.
        var distance = string.Join(" + ", Enumerable.Range(1, Features).Select(i => string.Create(CultureInfo.InvariantCulture, $"(t.features[{i}] - s.features[{i}])::float8 ^ 2")));
        return
            $"""
            WITH source AS MATERIALIZED (
                SELECT generation_id, genre, tempo, features FROM tracks WHERE generation_id = $2::uuid AND completed_at IS NOT NULL AND NOT deleted AND NOT hidden AND (audible OR owner_id = $1)),
            near AS MATERIALIZED (
                SELECT d.* FROM search_documents d, source s WHERE {Of(filter.Type)} AND {Filtered(filter)} AND {Tempo(filter.Type)}
                    AND d.genre = s.genre AND d.tempo BETWEEN s.tempo * 0.92 AND s.tempo * 1.08 AND d.id <> s.generation_id
                ORDER BY abs(d.tempo - s.tempo), d.id LIMIT 2000),
            matches AS MATERIALIZED (
                SELECT n.id, n.genre, n.mood, n.key, n.tempo, (-10000 * sqrt({distance}))::bigint AS score
                FROM near n JOIN tracks t ON t.generation_id = n.id, source s WHERE cardinality(t.features) = {Features} AND cardinality(s.features) = {Features})
            """;
    }

    /// <summary>A page of the matches, and the facets of all of them as JSON.</summary>
    public const string Page =
        """
        , page AS MATERIALIZED (SELECT * FROM matches WHERE (score, id) < ($6::bigint, $7::uuid) ORDER BY score DESC, id DESC LIMIT $8::int),
        facets AS MATERIALIZED (SELECT jsonb_build_object('genre', (SELECT coalesce(jsonb_agg(f), '[]') FROM (SELECT genre AS value, count(*) FROM matches WHERE genre IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1) f),
            'mood', (SELECT coalesce(jsonb_agg(f), '[]') FROM (SELECT mood AS value, count(*) FROM matches WHERE mood IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1) f),
            'key', (SELECT coalesce(jsonb_agg(f), '[]') FROM (SELECT key AS value, count(*) FROM matches WHERE key IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1) f),
            'bpm', (SELECT coalesce(jsonb_agg(f), '[]') FROM (SELECT (floor(tempo / 20) * 20)::int::text AS value, count(*) FROM matches WHERE tempo IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1) f))::text AS json)
        """;
}
