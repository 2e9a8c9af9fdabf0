using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Son1kVers3.Testing;

namespace Son1kVers3.EndToEnd;

/// <summary>One running platform for all stories, and what a member does on it.</summary>
public sealed class Platform : AppFixture
{
    public const string FounderEmail = "founder@son1kvers3.dev";

    /// <summary>A track of this title can't be made: the studio's encoder fails at it.</summary>
    public const string Unplayable = "Unplayable";

    // The longest story that counts units.
    private static readonly TimeSpan Story = TimeSpan.FromMinutes(3);

    private readonly string encoder = WriteEncoder();
    private TraceCollector? traces;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>
    {
        ["RATE_LIMIT_SCALE"] = "1000",
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = Traces.Address,
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["Studio__Ffmpeg"] = encoder,
        ["Providers__PollSeconds"] = "0.2",
    };

    /// <summary>Where the platform sends its traces.</summary>
    internal TraceCollector Traces => traces ?? throw new InvalidOperationException("The platform does not run yet.");

    /// <summary>The founder registers once; everybody else is a FREE member.</summary>
    public Lazy<Task<Member>> Founder { get; }

    public Platform()
        : base(typeof(Projects.AppHost)) => Founder = new Lazy<Task<Member>>(() => Member.RegisterAsync(GatewayUrl, FounderEmail));

    /// <inheritdoc/>
    public override async Task InitializeAsync()
    {
        traces = await TraceCollector.StartAsync();
        await base.InitializeAsync();
    }

    /// <inheritdoc/>
    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await Traces.DisposeAsync();
    }

    /// <summary>A new FREE member, whose units are counted by the UTC day: a day that is about to end is waited for, so that no story runs into the next one.</summary>
    public async Task<Member> SignUpAsync()
    {
        var left = TimeSpan.FromDays(1) - TimeProvider.System.GetUtcNow().TimeOfDay;
        if (left < Story)
            await Task.Delay(left);
        return await Member.RegisterAsync(GatewayUrl);
    }

    /// <summary>The real ffmpeg, but for tracks that are called <see cref="Unplayable"/>.</summary>
    private static string WriteEncoder()
    {
        var path = Path.Combine(TestRun.CreateFolder("encoder"), "ffmpeg");
        File.WriteAllText(path, $"#!/bin/sh\ncase \"$*\" in *title={Unplayable}*) exit 1 ;; esac\nexec ffmpeg \"$@\"\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }
}

[CollectionDefinition(nameof(Platform))]
public sealed class PlatformCollection : ICollectionFixture<Platform>;

internal static class Journey
{
    private static readonly TimeSpan TrackTimeout = TimeSpan.FromMinutes(5);

    public static object Prompt(int seconds = 10, int seed = 7) => new { prompt = "soft bossa nova in A minor, 120 bpm", durationSeconds = seconds, seed };

    public static Task<HttpResponseMessage> GenerateAsync(this Member member, object? request = null, string? key = null)
    {
        var message = new HttpRequestMessage(HttpMethod.Post, "/api/generations") { Content = JsonContent.Create(request ?? Prompt()) };
        if (key is not null)
            message.Headers.Add("Idempotency-Key", key);
        return member.Client.SendAsync(message);
    }

    public static async Task<JsonNode> AcceptedAsync(this Task<HttpResponseMessage> posting)
    {
        var answer = await posting;
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.Accepted, $"{(int)answer.StatusCode} {body}");
        return JsonNode.Parse(body)!;
    }

    public static async Task<JsonNode> ProblemAsync(this HttpResponseMessage answer, HttpStatusCode status, string? slug = null)
    {
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == status, $"{(int)answer.StatusCode} {body}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = JsonNode.Parse(body)!;
        if (slug is not null)
            Assert.Equal($"https://son1kvers3.dev/problems/{slug}", (string?)problem["type"]);
        Assert.NotNull(problem["traceId"]);
        return problem;
    }

    public static async Task<JsonNode> GetJsonAsync(this Member member, string path) => (await member.Client.GetFromJsonAsync<JsonNode>(path))!;

    /// <summary>A finished track that everybody may hear.</summary>
    public static async Task<string> PublishTrackAsync(this Member member)
    {
        var generation = await member.GenerateAsync(new { prompt = "soft bossa nova in A minor, 120 bpm", title = "Rain", durationSeconds = 10, visibility = "public" }).AcceptedAsync();
        Assert.Equal("completed", (string?)(await member.EndedAsync(generation))["status"]);
        return (string)generation["id"]!;
    }

    /// <summary>The generation once it has ended, however it ended.</summary>
    public static Task<JsonNode> EndedAsync(this Member member, JsonNode generation) => Eventually.GetAsync(
        async () => await member.GetJsonAsync($"/api/generations/{generation["id"]}") is { } now && (string?)now["status"] is "completed" or "failed" or "cancelled" ? now : null,
        $"generation {generation["id"]} ends",
        TrackTimeout);

    public static async Task<(int Used, int Reserved)> CountersAsync(this Member member)
    {
        var limits = await member.GetJsonAsync("/api/tiers/limits");
        return ((int)limits["used"]!, (int)limits["reserved"]!);
    }
}
