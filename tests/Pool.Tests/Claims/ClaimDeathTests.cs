using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Npgsql;
using Son1kVers3.Contracts;
using Son1kVers3.Pool.Tests.Hosting;
using Son1kVers3.Testing;

namespace Son1kVers3.Pool.Tests.Claims;

/// <summary>Claims over two processes of pool, one of which dies in the middle.</summary>
[Trait("Category", "Integration")]
public sealed class ClaimDeathTests : IAsyncLifetime
{
    private const int Tracks = 60;
    private const int Claimers = 100;
    private const int AtATime = 16;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly List<ServiceProcess> _replicas = [];
    private ServiceHost<Program> _host = null!;
    private TestBus _bus = null!;
    private NpgsqlDataSource _database = null!;
    private int _broken;

    public async Task InitializeAsync()
    {
        var redis = (await ServerSet.GetAsync()).CreateRedisDatabase();
        // It prepares what the two share, and claims nothing itself.
        _host = await ServiceHost<Program>.StartAsync("pool", new Dictionary<string, string?> { ["ConnectionStrings:redis"] = redis });
        _database = NpgsqlDataSource.Create(_host.Database);
        _bus = await TestBus.StartAsync(_host.Messaging, (bus, endpoint) => bus.Hear<TrackClaimed>(endpoint));
        _replicas.AddRange(await Task.WhenAll(StartReplicaAsync(redis), StartReplicaAsync(redis)));
    }

    public async Task DisposeAsync()
    {
        _replicas.ForEach(replica => replica.Dispose());
        await _bus.DisposeAsync();
        await _host.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Claims_OfAHundredForSixtyTracks_WhenAReplicaIsKilledInTheMiddle_GiveEachTrackToOne_AndRepeatTheirAnswers()
    {
        var tracks = await SeedAsync();
        var users = Enumerable.Range(0, Claimers).Select(_ => Guid.CreateVersion7()).ToList();
        var killing = KillInTheMiddleAsync();

        var answers = new (int Status, string Body)[Claimers];
        await Parallel.ForAsync(0, Claimers, new ParallelOptions { MaxDegreeOfParallelism = AtATime },
            async (n, _) => answers[n] = await ClaimUntilAnsweredAsync(users[n], first: n % 2));

        Assert.InRange(await killing, 1, Tracks - 1);
        Assert.NotEqual(0, _broken);
        var claimed = answers.Where(a => a.Status == 201).Select(a => (Guid)JsonNode.Parse(a.Body)!["generationId"]!).ToList();
        Assert.Equal(tracks.Order(), claimed.Order());
        Assert.All(answers.Where(a => a.Status != 201),
            a => Assert.Equal((404, "https://son1kvers3.dev/problems/pool-empty"), (a.Status, (string?)JsonNode.Parse(a.Body)!["type"])));
        Assert.Equal(Tracks, await ScalarAsync("SELECT sum(used)::bigint FROM claim_days"));

        for (var n = 0; n < Claimers; n++)
            Assert.Equal(answers[n], await ClaimUntilAnsweredAsync(users[n], first: 1));
        Assert.Equal(Tracks, await ScalarAsync("SELECT sum(used)::bigint FROM claim_days"));
        await Eventually.TrueAsync(
            () => Task.FromResult(tracks.All(track => _bus.Heard<TrackClaimed>().Where(e => e.GenerationId == track)
                .Select(e => (e.EventId, e.ClaimedBy)).Distinct().Count() == 1)),
            "each claim is announced, as one event",
            Patience);
    }

    private Task<ServiceProcess> StartReplicaAsync(string redis) => ServiceProcess.StartAsync(
        typeof(Program),
        new Dictionary<string, string>
        {
            ["ConnectionStrings__pooldb"] = _host.Database,
            ["ConnectionStrings__messaging"] = _host.Messaging,
            ["ConnectionStrings__redis"] = redis,
            ["services__profile__http__0"] = _host.Tokens.Address,
        });

    /// <summary>Kills the first replica once a third of the tracks is claimed; returns how many are then.</summary>
    private async Task<long> KillInTheMiddleAsync()
    {
        await Eventually.TrueAsync(async () => await CountClaimedAsync() >= Tracks / 3, "a third is claimed", Patience);
        _replicas[0].Kill();
        return await CountClaimedAsync();
    }

    private Task<long> CountClaimedAsync() => ScalarAsync("SELECT count(*) FROM tracks WHERE claimed_at IS NOT NULL");

    /// <summary>As a client does: under one key until there is an answer, at the other replica where one doesn't answer.</summary>
    private async Task<(int Status, string Body)> ClaimUntilAnsweredAsync(Guid user, int first)
    {
        using var client = new HttpClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _host.Tokens.Issue(user));
        client.DefaultRequestHeaders.Add("Idempotency-Key", "claim");
        var until = TimeProvider.System.GetUtcNow() + Patience;
        for (var replica = first; TimeProvider.System.GetUtcNow() < until; await Task.Delay(50))
        {
            try
            {
                var answer = await client.PostAsJsonAsync(new Uri(_replicas[replica % 2].Address, "/api/community/pool/claim"), new { });
                if ((int)answer.StatusCode is 201 or 404)
                    return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
                // The marker of an attempt that died is taken over after a minute: here it is that minute later.
                Assert.Equal(409, (int)answer.StatusCode);
                await ExecuteAsync("UPDATE idempotency_keys SET locked_until = created_at WHERE user_id = $1 AND status IS NULL", user);
            }
            catch (HttpRequestException)
            {
                Interlocked.Increment(ref _broken);
                replica++;
            }
        }

        throw new TimeoutException($"The claim of {user} was not answered.");
    }

    private async Task<List<Guid>> SeedAsync()
    {
        var ids = Enumerable.Range(0, Tracks).Select(_ => Guid.CreateVersion7()).ToList();
        await ExecuteAsync(
            """
            INSERT INTO tracks (generation_id, user_id, quality, title, genre, tempo, key, duration_seconds, completed_at, contributed_at,
                points, sequence, allowance)
            SELECT id, gen_random_uuid(), 'High', 'Seeded', 'bossa-nova', 100, 'C major', 60, now(), now(), 2, 1, 'Paid'
            FROM unnest($1::uuid[]) AS id
            """,
            ids.ToArray());
        return ids;
    }

    private async Task<long> ScalarAsync(string sql)
    {
        await using var command = _database.CreateCommand(sql);
        return await command.ExecuteScalarAsync() is long found ? found : 0;
    }

    private async Task ExecuteAsync(string sql, object value)
    {
        await using var command = _database.CreateCommand(sql);
        command.Parameters.AddWithValue(value);
        await command.ExecuteNonQueryAsync();
    }
}
