using Npgsql;

namespace Son1kVers3.Load;

/// <summary>Fills the documents of search by SQL: titles of two to four words out of 40,000, of which some are far more frequent than others.</summary>
internal sealed record SearchSeed(int Documents)
{
    private const int Words = 40_000;

    private const string Columns =
        """
        generation_id, owner_id, title, genre, mood, tempo, key, duration_seconds, quality, palette, peaks, features, visibility, completed_at, sequence,
        hidden, illegal, hidden_sequence, deleted, contributed, likes, likes_sequence, plays, comments
        """;

    private const string Values =
        """
        'genre-' || (n % 30), 'mood-' || (n % 8), 60 + n % 120, 'A minor', 60, 'Standard', ARRAY['#000001','#000002','#000003','#000004','#000005'], array_fill(50, ARRAY[64]),
        ARRAY(SELECT random()::real FROM generate_series(1, 32) WHERE n = n), CASE WHEN n % 3 = 0 THEN 'Private' ELSE 'Public' END, now() - n * interval '1 second', 1,
        false, false, 0, false, n % 5 = 0, 0, 0, 0, 0
        """;

    /// <summary>Writes the rows. Triggers rest and indexes are made anew, as in a restore; what they would have written is written by the same expressions.</summary>
    public async Task FillAsync(NpgsqlDataSource database)
    {
        await database.FillAsync(
            ["tracks", "search_documents", "search_words"],
            $"""
            CREATE TABLE seed_words AS SELECT n, (SELECT string_agg((ARRAY['ca','mi','lo','ra','ne','tu','so','vi','de','pa','lu','ñe','gri','bla','cón','tro','sel','man','fue','ría'])[1 + (n / power(20, i)::int + i * 7) % 20], '')
                FROM generate_series(0, 2 + n % 2) i) AS word FROM generate_series(0, {Words - 1}) n;
            ALTER TABLE seed_words ADD PRIMARY KEY (n);
            ALTER TABLE tracks DISABLE TRIGGER USER;
            INSERT INTO tracks ({Columns})
            WITH titles AS (
                SELECT t.n, string_agg(w.word, ' ' ORDER BY i) AS title FROM generate_series(1, {Documents}) t(n) CROSS JOIN LATERAL generate_series(0, 1 + t.n % 3) i
                JOIN seed_words w ON w.n = ({Words} * power((hashint4(t.n * 4 + i) & 1048575) / 1048576.0, 3))::int % {Words} GROUP BY t.n)
            SELECT md5('t' || n)::uuid, md5('m' || (n % 10000))::uuid, title, {Values} FROM titles;
            ALTER TABLE tracks ENABLE TRIGGER USER;
            INSERT INTO search_words (word) SELECT DISTINCT search_fold(word) FROM seed_words ON CONFLICT DO NOTHING;
            INSERT INTO search_documents SELECT 'track', generation_id, owner_id, search_fold(title), listed, listed AND contributed, genre, mood, key, tempo,
                array_to_tsvector(string_to_array(search_fold(title), ' ') || search_marked('of:', search_tokens(genre || ' ' || mood)) || ARRAY['genre:' || lower(genre), 'mood:' || lower(mood), 'key:' || lower(key), 'bpm:' || floor(tempo / 10)]), completed_at
            FROM tracks;
            """);
        foreach (var table in (string[])["tracks", "search_documents", "search_words"])
            await database.RunAsync($"VACUUM ANALYZE {table}");
    }

    /// <summary>One transaction of a consumer: three of four rename a track, the fourth makes one.</summary>
    public Task WriteAsync(NpgsqlDataSource database, int number) => database.RunAsync(
        number % 4 == 0
            ? $"INSERT INTO tracks ({Columns}) SELECT gen_random_uuid(), md5('m' || n)::uuid, (SELECT string_agg(word, ' ') FROM (SELECT word FROM seed_words WHERE n = ANY(ARRAY[{number % Words}, {number * 7 % Words}])) w), {Values} FROM generate_series({number}, {number}) n"
            : $"UPDATE tracks SET title = title || ' {(char)('a' + (number % 26))}', sequence = sequence + 1 WHERE generation_id = md5('t{1 + (number * 37 % Documents)}')::uuid");

    public Task<List<string>> TitlesAsync(NpgsqlDataSource database) => ReadAsync<string>(database, "SELECT title FROM tracks TABLESAMPLE SYSTEM (1) WHERE listed LIMIT 2000");

    public Task<List<Guid>> IdsAsync(NpgsqlDataSource database) => ReadAsync<Guid>(database, "SELECT generation_id FROM tracks TABLESAMPLE SYSTEM (1) WHERE listed LIMIT 2000");

    private static async Task<List<T>> ReadAsync<T>(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync())
            rows.Add(reader.GetFieldValue<T>(0));
        return rows;
    }
}
