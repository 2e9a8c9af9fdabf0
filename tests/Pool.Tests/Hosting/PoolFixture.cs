using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Son1kVers3.Contracts;
using Son1kVers3.Pool.Data;
using Son1kVers3.Pool.Ranking;
using Son1kVers3.ServiceDefaults.Messaging;
using Son1kVers3.Testing;

namespace Son1kVers3.Pool.Tests.Hosting;

/// <summary>Two replicas of pool on one database, and the rest of the platform as a bus.</summary>
public class PoolFixture : IAsyncLifetime
{
    private static int _numbers;

    /// <summary>Stands still unless a test moves it: no day ends under one.</summary>
    internal MovableClock Clock { get; } = new MovableClock().Stop();
    internal ServiceHost<Program> Pool { get; private set; } = null!;
    internal ServiceHost<Program> Second { get; private set; } = null!;
    internal TestBus Bus { get; private set; } = null!;
    internal NpgsqlDataSource Database { get; private set; } = null!;

    public virtual async Task InitializeAsync()
    {
        Clock.Set(new DateTimeOffset(2026, 11, 25, 12, 0, 0, TimeSpan.Zero));
        var settings = new Dictionary<string, string?> { ["ConnectionStrings:redis"] = (await ServerSet.GetAsync()).CreateRedisDatabase() };
        Pool = await ServiceHost<Program>.StartAsync("pool", settings, Clock);
        Second = await ServiceHost<Program>.StartAsync("pool", settings, Clock, beside: Pool);
        Bus = await TestBus.StartAsync(Pool.Messaging, (bus, endpoint) =>
        {
            bus.Hear<TrackContributed>(endpoint);
            bus.Hear<TrackSwapped>(endpoint);
            bus.Hear<TrackClaimed>(endpoint);
            bus.Hear<TrackLiked>(endpoint);
            bus.Hear<TrackPlayed>(endpoint);
            bus.Hear<RankingChanged>(endpoint);
            bus.Hear<PoolLow>(endpoint);
            bus.Hear<ModerateTrack>(endpoint);
            bus.Hear<ExportPart>(endpoint);
        });
        Database = NpgsqlDataSource.Create(Pool.Database);
    }

    public virtual async Task DisposeAsync()
    {
        await Bus.DisposeAsync();
        await Second.DisposeAsync();
        await Pool.DisposeAsync();
        await Database.DisposeAsync();
    }

    /// <summary>An account that is two days old, or as old as told.</summary>
    internal Guid NewUser(TimeSpan? age = null) => Guid.CreateVersion7(Clock.GetUtcNow() - (age ?? TimeSpan.FromDays(2)));

    /// <summary>A genre that no other test uses: what one test contributes another one doesn't claim.</summary>
    internal static string NewGenre() => $"genre-{Interlocked.Increment(ref _numbers)}";

    internal GenerationCompleted Completed(Guid user, string genre = "bossa-nova", Quality quality = Quality.High) => new()
    {
        EventId = Guid.CreateVersion7(),
        OccurredAt = Clock.GetUtcNow(),
        Sequence = 3,
        GenerationId = Guid.CreateVersion7(),
        UserId = user,
        Tier = Tier.Pro,
        Allowance = Allowance.Paid,
        Quality = quality,
        Title = "Canción de Montevideo",
        Genre = genre,
        Mood = "calm",
        Tempo = 120,
        Key = "A minor",
        DurationSeconds = 60,
        Bytes = 1_000_000,
        Visibility = Visibility.Private,
        Palette = ["#000000", "#111111", "#222222", "#333333", "#444444"],
        Peaks = [.. Enumerable.Range(0, 64)],
    };

    /// <summary>Applies an event as the inbox does, without the broker, at a replica.</summary>
    internal async Task ApplyAsync<THandler, TEvent>(TEvent message, ServiceHost<Program>? at = null)
        where THandler : IHandle<TEvent>
        where TEvent : Event
    {
        await using var scope = (at ?? Pool).Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PoolDb>();
        var outbox = scope.ServiceProvider.GetRequiredService<Outbox>();
        await using var transaction = await db.Database.BeginTransactionAsync();
        foreach (var follows in await scope.ServiceProvider.GetRequiredService<THandler>().HandleAsync(message, CancellationToken.None))
            outbox.Publish(follows);
        await db.SaveChangesAsync();
        await transaction.CommitAsync();
    }

    internal Task CompleteAsync(GenerationCompleted track) =>
        ApplyAsync<Pool.Contributions.OnGenerationCompleted, GenerationCompleted>(track);

    /// <summary>A track that its member contributed by hand.</summary>
    internal async Task<GenerationCompleted> ContributeAsync(Guid user, string genre, Quality quality = Quality.High)
    {
        var track = Completed(user, genre, quality) with { Allowance = Allowance.Free };
        await CompleteAsync(track);
        (await Pool.Client(user).PostAsJsonAsync("/api/community/contribute", new { track.GenerationId })).EnsureSuccessStatusCode();
        return track;
    }

    internal Task<DeletionDecision> MayDeleteAsync(Guid track, Guid user) =>
        Bus.AskAsync<MayDelete, DeletionDecision>(new MayDelete { GenerationId = track, UserId = user });

    internal async Task<JsonNode> GetAsync(string path, Guid? user = null) =>
        (await (user is { } id ? Pool.Client(id) : Pool.Client()).GetFromJsonAsync<JsonNode>(path))!;

    /// <summary>Brings everything that changed into the ranking now.</summary>
    internal async Task RankAsync() =>
        await Pool.Services.GetRequiredService<RankingWorker>().RankAsync(CancellationToken.None);

    internal async Task<T?> ScalarAsync<T>(string sql, params object[] values)
    {
        await using var command = Database.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.AddWithValue(value);
        return await command.ExecuteScalarAsync() is T found ? found : default;
    }

    internal async Task ExecuteAsync(string sql, params object[] values)
    {
        await using var command = Database.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.AddWithValue(value);
        await command.ExecuteNonQueryAsync();
    }
}

[CollectionDefinition(Name)]
public sealed class SharedPool : ICollectionFixture<PoolFixture>
{
    public const string Name = "pool";
}

/// <summary>Short forms for what answers say.</summary>
internal static class Answers
{
    /// <summary>The answer must be this problem; returns it.</summary>
    public static async Task<JsonNode> IsProblemAsync(this HttpResponseMessage answer, int status, string slug)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(status == (int)answer.StatusCode, $"{status} {slug} expected, but {(int)answer.StatusCode}: {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        var problem = JsonNode.Parse(text)!;
        Assert.Equal($"https://son1kvers3.dev/problems/{slug}", (string?)problem["type"]);
        return problem;
    }

    public static async Task<JsonNode> JsonAsync(this HttpResponseMessage answer, int status = 200)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(status == (int)answer.StatusCode, $"{status} expected, but {(int)answer.StatusCode}: {text}");
        return JsonNode.Parse(text)!;
    }
}
