using Npgsql;

namespace Son1kVers3.Load;

/// <summary>
/// Fills a pool by SQL: contributors, tracks of sixty days, likes that the popular ones have most of; titles of two words out of 2,000, of which, as in
/// any language, few are frequent: the first stands in every thirteenth place, the first twenty in every fifth.
/// </summary>
/// <param name="Tracks">All of them contributed; one in seven is claimed.</param>
/// <param name="Likes">About as many: what is drawn twice counts once.</param>
internal sealed record PoolScaleSeed(int Tracks, int Likes, int Contributors, int Fans)
{
    private const int Vocabulary = 2_000;

    private const string Frequent =
        "ARRAY['Canción', 'Noche', 'Tarde', 'Río', 'Corazón', 'Luz', 'Sombra', 'Viento', 'Mañana', 'Fuego', 'Lluvia', 'Camino', 'Sueño', 'Danza', 'Mar', 'Luna', 'Neon', 'Dust', 'Echo', 'Tide']";

    // The frequent ones, then four syllables by their number.
    private static readonly string Words =
        $"({Frequent} || ARRAY(SELECT (SELECT string_agg((ARRAY['ca','mi','lo','ra','ne','tu','so','vi','de','pa'])[1 + w / power(10, i)::int % 10], '') FROM generate_series(0, 3) AS i) FROM generate_series(21, {Vocabulary}) AS w))";

    private const string Word = "words[1 + floor(cardinality(words) * power(random(), 3))::int]";

    /// <summary>Writes the rows. Indexes are dropped before and made again after, as a restore does.</summary>
    public async Task FillAsync(NpgsqlDataSource database)
    {
        await database.FillAsync(
            ["tracks", "likes"],
            $"""
            INSERT INTO members (user_id, username, display_name, profile_sequence)
            SELECT md5('contributor' || n)::uuid, 'artist' || n, 'Artist ' || n, 1 FROM generate_series(1, {Contributors}) AS n;
            INSERT INTO likes (generation_id, user_id, liked_at, counts_from, counted)
            SELECT md5('track' || (1 + floor({Tracks} * power(random(), 3)))::int)::uuid,
                md5('fan' || (1 + floor({Fans} * random()))::int)::uuid,
                now() - random() * interval '30 days', now() - interval '60 days', true
            FROM generate_series(1, {Likes}) ON CONFLICT DO NOTHING;
            ANALYZE likes;
            INSERT INTO tracks (generation_id, user_id, allowance, quality, title, genre, mood, tempo, key, duration_seconds, visibility,
                palette, peaks, completed_at, sequence,
                contributed_at, automatic, points, claimed_by, claimed_at, likes, ranked_likes, version)
            SELECT md5('track' || n)::uuid, md5('contributor' || (1 + n % {Contributors}))::uuid, 'Paid',
                (ARRAY['Standard', 'High', 'Ultra'])[1 + n / 30 % 3],
                {Word} || ' ' || {Word} || ' ' || n,
                'genre-' || (n % 30), 'calm', 60 + n % 120, 'A minor', 90, 'Private',
                ARRAY['#101010', '#202020', '#303030', '#404040', '#505050'], ARRAY(SELECT generate_series(1, 64)),
                at, 3, at, true, 1 + n / 30 % 3, CASE WHEN n % 7 = 0 THEN md5('fan' || n)::uuid END,
                CASE WHEN n % 7 = 0 THEN at + interval '1 hour' END,
                COALESCE(l.likes, 0), COALESCE(l.likes, 0), 1
            FROM (SELECT n, now() - random() * interval '60 days' AS at FROM generate_series(1, {Tracks}) AS n) AS made
            CROSS JOIN (SELECT {Words} AS words) AS vocabulary
            LEFT JOIN (SELECT generation_id, count(*)::int AS likes
                FROM likes GROUP BY generation_id) AS l ON l.generation_id = md5('track' || n)::uuid;
            """);
        foreach (var table in (string[])["tracks", "likes", "members"])
            await database.RunAsync($"VACUUM ANALYZE {table}");
    }
}
