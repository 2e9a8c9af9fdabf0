using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Son1kVers3.Contracts;
using Son1kVers3.Testing;

namespace Son1kVers3.Profile.Tests;

/// <summary>Profile in process with real servers, hearing what it publishes. The clock stands until it is moved on: waits of a second are counted exactly.</summary>
public sealed class ProfileFixture : IAsyncLifetime
{
    public const string FounderEmail = "founder@example.org";
    public const string PublicUrl = "https://music.example.org";
    public const string Password = "a-quiet-Harbour-71";

    internal ServiceHost<Program> Profile { get; private set; } = null!;
    internal TestBus Bus { get; private set; } = null!;
    internal NpgsqlDataSource Database { get; private set; } = null!;
    internal MovableClock Clock { get; } = new MovableClock().Stop();
    internal CapturedLog Log { get; } = new();

    public async Task InitializeAsync()
    {
        Profile = await ServiceHost<Program>.StartAsync(
            "profile",
            new Dictionary<string, string?>
            {
                ["Passwords:Iterations"] = "1000",
                ["Passwords:QueueLength"] = "256",
                ["Alvae:FounderEmail"] = FounderEmail,
                ["Mail:DevelopmentMailbox"] = "true",
                ["Push:AllowLocalServices"] = "true",
                ["PUBLIC_URL"] = PublicUrl,
                ["Media:SigningKey"] = Convert.ToBase64String(new byte[32]),
                ["Logging:LogLevel:Default"] = "Debug",
            },
            Clock,
            configure: services => services.AddSingleton<ILoggerProvider>(Log));
        Bus = await TestBus.StartAsync(Profile.Messaging, (bus, endpoint) =>
        {
            bus.Hear<UserRegistered>(endpoint);
            bus.Hear<ProfileUpdated>(endpoint);
            bus.Hear<AlvaeGranted>(endpoint);
            bus.Hear<AlvaeRevoked>(endpoint);
            bus.Hear<UserDeleted>(endpoint);
            bus.Hear<ExportRequested>(endpoint);
            bus.Hear<ExportPart>(endpoint);
            bus.Hear<ModerateTrack>(endpoint);
        });
        Database = NpgsqlDataSource.Create(Profile.Database);
    }

    public async Task DisposeAsync()
    {
        await Bus.DisposeAsync();
        await Profile.DisposeAsync();
        await Database.DisposeAsync();
    }

    internal HttpClient Client(string? accessToken = null)
    {
        // Cookies are a test's own business.
        var client = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = Profile.Address };
        if (accessToken is not null)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
        return client;
    }

    internal async Task<Member> RegisterAsync(string? email = null, string? username = null)
    {
        username ??= $"u{Guid.NewGuid():N}"[..20];
        email ??= $"{username}@example.org";
        using var client = Client();
        using var response = await client.PostAsJsonAsync("/api/auth/register", new { email, username, password = Password });
        response.EnsureSuccessStatusCode();
        var json = (await response.Content.ReadFromJsonAsync<JsonNode>())!;
        return new Member((Guid)json["user"]!["id"]!, username, email, (string)json["accessToken"]!, (string)json["refreshToken"]!);
    }

    /// <summary>The mails to an address, newest first, as the development mailbox shows them.</summary>
    internal async Task<IReadOnlyList<JsonNode>> MailsAsync(string to)
    {
        using var client = Client();
        return [.. (await client.GetFromJsonAsync<JsonArray>($"/internal/mailbox/messages?to={Uri.EscapeDataString(to)}"))!.Select(m => m!)];
    }

    /// <summary>The token in the newest mail to an address whose link leads to a page of the web app.</summary>
    internal async Task<string> TokenAsync(string to, string page)
    {
        var start = $"{PublicUrl}/{page}?token=";
        var text = (await MailsAsync(to)).Select(m => (string)m["text"]!).First(t => t.Contains(start, StringComparison.Ordinal));
        return text[(text.IndexOf(start, StringComparison.Ordinal) + start.Length)..].Split('\n')[0];
    }

    internal async Task<T?> ScalarAsync<T>(string sql, params object[] values)
    {
        await using var command = Database.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.AddWithValue(value);
        return (T?)await command.ExecuteScalarAsync();
    }
}

internal sealed record Member(Guid Id, string Username, string Email, string AccessToken, string RefreshToken);

/// <summary>Everything that was logged, as text.</summary>
internal sealed class CapturedLog : ILoggerProvider
{
    private readonly System.Collections.Concurrent.ConcurrentQueue<string> _lines = [];

    public IReadOnlyCollection<string> Lines => _lines;

    public ILogger CreateLogger(string categoryName) => new Logger(_lines);

    public void Dispose()
    {
    }

    private sealed class Logger(System.Collections.Concurrent.ConcurrentQueue<string> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue($"{formatter(state, exception)} {exception}");
    }
}

/// <summary>Tests that share one service: they run one after another, because some move its clock.</summary>
[CollectionDefinition(Name)]
public sealed class ProfileCollection : ICollectionFixture<ProfileFixture>
{
    public const string Name = "profile";
}
