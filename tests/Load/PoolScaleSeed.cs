using Npgsql;

namespace Son1kVers3.Load;

/// <summary>Fills a pool by SQL: contributors, tracks of sixty days, likes that the popular ones have most of.</summary>
/// <param name="Tracks">All of them contributed; one in seven is claimed.</param>
/// <param name="Likes">About as many: what is drawn twice counts once.</param>
internal sealed record PoolScaleSeed(int Tracks, int Likes, int Contributors, int Fans)
{
    private const string Words =
        "ARRAY['Canción', 'Noche', 'Tarde', 'Río', 'Corazón', 'Luz', 'Sombra', 'Viento', 'Mañana', 'Fuego', 'Lluvia', 'Camino', 'Sueño', 'Danza', 'Mar', 'Luna', 'Neon', 'Dust', 'Echo', 'Tide']";

    /// <summary>Writes the rows. Indexes are dropped before and made again after, as a restore does.</summary>
    public async Task FillAsync(NpgsqlDataSource database)
    {
        var indexes = await IndexesAsync(database);
        foreach (var (name, _) in indexes)
            await RunAsync(database, $"DROP INDEX {name}");
        await RunAsync(
            database,
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
                ({Words})[1 + floor(20 * random())::int] || ' ' || ({Words})[1 + floor(20 * random())::int] || ' ' || n,
                'genre-' || (n % 30), 'calm', 60 + n % 120, 'A minor', 90, 'Private',
                ARRAY['#101010', '#202020', '#303030', '#404040', '#505050'], ARRAY(SELECT generate_series(1, 64)),
                at, 3, at, true, 1 + n / 30 % 3, CASE WHEN n % 7 = 0 THEN md5('fan' || n)::uuid END,
                CASE WHEN n % 7 = 0 THEN at + interval '1 hour' END,
                COALESCE(l.likes, 0), COALESCE(l.likes, 0), 1
            FROM (SELECT n, now() - random() * interval '60 days' AS at FROM generate_series(1, {Tracks}) AS n) AS made
            LEFT JOIN (SELECT generation_id, count(*)::int AS likes
                FROM likes GROUP BY generation_id) AS l ON l.generation_id = md5('track' || n)::uuid;
            """);
        foreach (var (_, definition) in indexes)
            await RunAsync(database, definition);
        foreach (var table in (string[])["tracks", "likes", "members"])
            await RunAsync(database, $"VACUUM ANALYZE {table}");
    }

    private static async Task<List<(string Name, string Definition)>> IndexesAsync(NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand(
            "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename IN ('tracks', 'likes') AND indexname LIKE 'ix\\_%'");
        await using var reader = await command.ExecuteReaderAsync();
        var indexes = new List<(string, string)>();
        while (await reader.ReadAsync())
            indexes.Add((reader.GetString(0), reader.GetString(1)));
        return indexes;
    }

    private static async Task RunAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        command.CommandTimeout = 3600;
        await command.ExecuteNonQueryAsync();
    }
}
