using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Son1kVers3.Contracts;
using Son1kVers3.Generation.Archive;
using Son1kVers3.Generation.Providers;
using Son1kVers3.Testing;

namespace Son1kVers3.Generation.Tests;

/// <summary>The service with a provider that makes tones at once, and billing and pool played by the test.</summary>
public class GenerationFixture : IAsyncLifetime
{
    private string _folder = "";
    private string _tone = "";

    internal ServiceHost<Program> Service { get; private set; } = null!;
    internal TestBus Bus { get; private set; } = null!;
    internal NpgsqlDataSource Database { get; private set; } = null!;
    internal FakeBilling Billing { get; } = new();
    internal TestProvider Provider { get; private set; } = null!;

    /// <summary>Generations that the pool does not let go, and why.</summary>
    internal ConcurrentDictionary<Guid, string> Owed { get; } = [];

    /// <summary>Generations about which the pool does not answer.</summary>
    internal HashSet<Guid> Unanswered { get; } = [];
    internal Dictionary<string, string?> Settings { get; private set; } = [];
    internal string MediaFolder => Path.Combine(_folder, "media");
    protected virtual bool WithTestProvider => true;
    protected virtual int Workers => 2;

    public async Task InitializeAsync()
    {
        _folder = TestRun.CreateFolder("generation");
        _tone = Path.Combine(_folder, "tone.flac");
        await RunAsync("ffmpeg", "-v", "error", "-f", "lavfi", "-i", "sine=440:d=10:r=44100", "-ac", "2", _tone);
        Provider = new TestProvider(_tone);
        Settings = new Dictionary<string, string?>
        {
            ["Media:Folder"] = MediaFolder,
            ["Media:SigningKey"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)),
            ["ConnectionStrings:redis"] = (await ServerSet.GetAsync()).CreateRedisDatabase(),
            ["Jobs:Workers"] = Workers.ToString(System.Globalization.CultureInfo.InvariantCulture),
        };
        await PrepareAsync(Settings);
        Service = await StartAsync();
        Bus = await TestBus.StartAsync(Settings.GetValueOrDefault("ConnectionStrings:messaging") ?? Service.Messaging, (bus, endpoint) =>
        {
            Billing.Connect(endpoint);
            endpoint.Handler<MayDelete>(
                context => Unanswered.Contains(context.Message.GenerationId)
                ? Task.CompletedTask
                : context.RespondAsync(new DeletionDecision
                {
                    GenerationId = context.Message.GenerationId,
                    Allowed = !Owed.ContainsKey(context.Message.GenerationId),
                    Denial = Owed.GetValueOrDefault(context.Message.GenerationId),
                }));
            bus.Hear<GenerationRequested>(endpoint);
            bus.Hear<GenerationStarted>(endpoint);
            bus.Hear<GenerationCompleted>(endpoint);
            bus.Hear<GenerationUpdated>(endpoint);
            bus.Hear<GenerationDeleted>(endpoint);
            bus.Hear<TrackHidden>(endpoint);
            bus.Hear<TrackRestored>(endpoint);
            bus.Hear<ExportReady>(endpoint);
        });
        Database = NpgsqlDataSource.Create(Settings.GetValueOrDefault("ConnectionStrings:generationdb") ?? Service.Database);
        await StartedAsync();
    }

    public async Task DisposeAsync()
    {
        await Service.DisposeAsync();
        await Bus.DisposeAsync();
        await Database.DisposeAsync();
        await CleanUpAsync();
    }

    /// <summary>A replica that makes nothing, by another clock.</summary>
    internal Task<ServiceHost<Program>> StartIdleAsync(TimeProvider? clock = null) =>
        StartAsync(Service, new Dictionary<string, string?>(Settings) { ["Jobs:Workers"] = "0" }, clock);

    /// <summary>Last changes to the settings.</summary>
    protected virtual Task PrepareAsync(Dictionary<string, string?> settings) => Task.CompletedTask;

    /// <summary>What is started beside it.</summary>
    protected virtual Task StartedAsync() => Task.CompletedTask;

    protected virtual Task CleanUpAsync() => Task.CompletedTask;

    /// <summary>A replica of the service.</summary>
    internal Task<ServiceHost<Program>> StartAsync(
        ServiceHost<Program>? beside =
            null, Dictionary<string, string?>? settings = null, TimeProvider? clock = null) => ServiceHost<Program>.StartAsync(
        "generation", settings ?? Settings, clock, beside, services =>
        {
            if (WithTestProvider)
                services.AddSingleton<IMusicProvider>(Provider);
        });

    /// <summary>Starts the built service as a worker, in a process of its own.</summary>
    /// <param name="tones">With the tests' provider.</param>
    /// <param name="more">Settings of its own.</param>
    internal Process StartWorker(int slots = 1, bool tones = false, IReadOnlyDictionary<string, string?>? more = null)
    {
        var start = new ProcessStartInfo(
            "dotnet", [(tones ? typeof(ToneWorker) : typeof(Program)).Assembly.Location])
        {
            RedirectStandardOutput =
            true,
            RedirectStandardError = true
        };
        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        start.Environment["ConnectionStrings__generationdb"] = Service.Database;
        start.Environment["ConnectionStrings__messaging"] = Service.Messaging;
        start.Environment["ConnectionStrings__redis"] = Settings["ConnectionStrings:redis"];
        start.Environment["services__profile__http__0"] = Service.Tokens.Address;
        foreach (var (key, value) in Settings.Concat(more ?? new Dictionary<string, string?>()))
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        start.Environment["Jobs__Api"] = "false";
        start.Environment["Jobs__Workers"] = slots.ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (tones)
        {
            start.Environment["ASPNETCORE_APPLICATIONNAME"] = typeof(Program).Assembly.GetName().Name;
            start.Environment["ASPNETCORE_HOSTINGSTARTUPASSEMBLIES"] = typeof(ToneWorker).Assembly.GetName().Name;
            start.Environment["Test__Tone"] = _tone;
        }

        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    /// <summary>Puts a finished track into the archive.</summary>
    internal async Task ArchiveAsync(Guid id)
    {
        await ScalarAsync<int>("UPDATE tracks SET played_at = now() - interval '91 days' WHERE id = $1", id);
        await Service.Services.GetRequiredService<ArchiveWorker>().ArchiveAsync(CancellationToken.None);
    }

    /// <summary>Orders a track and returns the answer's body; where a busy machine makes billing late, again, as a client would.</summary>
    internal static async Task<JsonNode> OrderAsync(HttpClient client, object body)
    {
        var answer = await Eventually.GetAsync(
            async () =>
            {
                var sent = await client.PostAsJsonAsync("/api/generations", body);
                return sent.StatusCode == HttpStatusCode.ServiceUnavailable ? null : sent;
            },
            "billing answers in time");
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.Accepted, $"{(int)answer.StatusCode}: {text}");
        return JsonNode.Parse(text)!;
    }

    /// <summary>Orders a track of the test's provider.</summary>
    internal static async Task<Guid> OrderAsync(HttpClient client, string prompt = "a tone") =>
        (await OrderAsync(client, new { prompt, provider = "test", durationSeconds = 10 }))["id"]!.GetValue<Guid>();

    /// <summary>Waits for a status and returns the generation.</summary>
    internal static async Task<JsonNode> WhenAsync(HttpClient client, Guid id, string status, TimeSpan? within = null)
    {
        var last = "";
        try
        {
            return await Eventually.GetAsync(
                async () =>
                {
                    last = await client.GetStringAsync($"/api/generations/{id}");
                    var view = JsonNode.Parse(last)!;
                    return view["status"]!.GetValue<string>() == status ? view : null;
                },
                $"generation is {status}",
                within);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{e.Message}; it was {last}", e);
        }
    }

    internal async Task<T?> ScalarAsync<T>(string sql, params object[] values)
    {
        await using var command = Database.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.AddWithValue(value);
        return await command.ExecuteScalarAsync() is T result ? result : default;
    }

    /// <summary>Runs a program to its end and returns what it printed.</summary>
    internal static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program}: {await error}");
    }
}

/// <summary>Tests that share one service: each has members of its own, and none looks at more than theirs.</summary>
[CollectionDefinition(Name)]
public sealed class ToneCollection : ICollectionFixture<GenerationFixture>
{
    public const string Name = "Tones";
}

/// <summary>The service with the real studio.</summary>
public sealed class StudioFixture : GenerationFixture
{
    private readonly Lazy<Task<Guid>> _piece;

    public StudioFixture() => _piece = new Lazy<Task<Guid>>(async () =>
    {
        using var client = Service.Client(Owner);
        var id = (await OrderAsync(client, Piece))["id"]!.GetValue<Guid>();
        await WhenAsync(client, id, "completed", TimeSpan.FromMinutes(3));
        return id;
    });

    /// <summary>What the shared piece was ordered with.</summary>
    internal static object Piece { get; } = new { prompt = "jazz trio", durationSeconds = 10, tempo = 100, key = "A minor", seed = 3 };

    /// <summary>Whose the shared piece is, on FREE.</summary>
    internal Guid Owner { get; } = Guid.CreateVersion7();

    protected override bool WithTestProvider => false;
    protected override int Workers => 1;

    /// <summary>A finished piece for tests that make nothing of their own: a rendering costs seconds.</summary>
    internal Task<Guid> PieceAsync() => _piece.Value;
}
