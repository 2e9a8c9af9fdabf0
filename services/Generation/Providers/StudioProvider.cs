using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading.Channels;
using Son1kVers3.Contracts;
using Son1kVers3.Generation.Files;
using Son1kVers3.Generation.Tracks;
using Son1kVers3.Studio;
using Son1kVers3.Studio.Command;
using Son1kVers3.Studio.Composing;
using Son1kVers3.Studio.Encoding;
using Son1kVers3.Studio.Planning;
using Son1kVers3.Studio.Programs;
using Son1kVers3.Studio.Rendering;

namespace Son1kVers3.Generation.Providers;

/// <summary>The built-in studio: composes and renders on this machine's processors.</summary>
internal sealed class StudioProvider(StudioToolbox toolbox) : IMusicProvider
{
    public const string ProviderName = "studio";
    private const int LongestSeconds = 300;

    private readonly ConcurrentDictionary<string, Session> _sessions = [];

    public string Name => ProviderName;

    public ProviderCapabilities Capabilities { get; } = new(
        [Quality.Standard, Quality.High, Quality.Ultra], LongestSeconds, Lyrics: true, Plans: true);

    public ValueTask<ProviderStatus> GetStatusAsync(CancellationToken cancellationToken)
    {
        var report = toolbox.Refresh();
        return ValueTask.FromResult(new ProviderStatus(report.Tools is not null, report.Explanation));
    }

    public Task<string> SubmitAsync(ProviderRequest request, CancellationToken cancellationToken)
    {
        var handle = Guid.NewGuid().ToString("N");
        var session = new Session();
        _sessions[handle] = session;
        session.Making = Task.Run(() => MakeAsync(toolbox, request, session), CancellationToken.None);
        return Task.FromResult(handle);
    }

    public async IAsyncEnumerable<ProviderProgress> FollowAsync(string handle, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var session = Find(handle);
        using var stop = cancellationToken.Register(session.Stop.Cancel);
        await foreach (var step in session.Progress.Reader.ReadAllAsync(CancellationToken.None))
            yield return step;
        cancellationToken.ThrowIfCancellationRequested();
    }

    public async Task<ProviderResult> FetchAsync(string handle, CancellationToken cancellationToken)
    {
        var session = Find(handle);
        _sessions.TryRemove(handle, out _);
        return await session.Making!;
    }

    public async Task CancelAsync(string handle)
    {
        if (!_sessions.TryRemove(handle, out var session))
            return;
        await session.Stop.CancelAsync();
        await ((Task)session.Making!).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private Session Find(string handle) =>
        _sessions.TryGetValue(handle, out var session)
            ? session
            : throw new ProviderException(ProviderError.InvalidRequest, $"There is no job {handle}.");

    private static async Task<ProviderResult> MakeAsync(StudioToolbox toolbox, ProviderRequest request, Session session)
    {
        try
        {
            return await ComposeAndRenderAsync(toolbox.Tools, request, session.Progress.Writer, session.Stop.Token);
        }
        catch (Exception e) when (
            e is ToolException or StudioMissingException or TimeoutException or IOException or InvalidOperationException
                or ArgumentException or KeyNotFoundException)
        {
            throw new ProviderException(ProviderError.Transient, e.Message, e);
        }
        finally
        {
            session.Progress.Writer.Complete();
        }
    }

    private static async Task<ProviderResult> ComposeAndRenderAsync(
        StudioTools tools, ProviderRequest request, ChannelWriter<ProviderProgress> progress, CancellationToken stop)
    {
        var plan = request.Request.BasePlan ?? Planner.Read(request.Request);
        var facts = Facts(plan);
        progress.TryWrite(new ProviderProgress(TrackStatus.Composing, 50) { Plan = facts });
        var score = Composer.Compose(plan);
        progress.TryWrite(new ProviderProgress(TrackStatus.Rendering, 0));
        var rendered = await new Renderer(tools)
            .RenderAsync(score, plan.RenderOptions(request.Quality.ToStudio(), request.Folder), new Relay(progress), stop);
        var files = await StudioDocuments.WriteAsync(score, rendered.Words, request.Folder, stop);
        return new ProviderResult(rendered.MasterPath, rendered.DurationSeconds, facts, plan.Title, files) { Provider = ProviderName };
    }

    /// <summary>The studio's own plan of a track; null when somebody else made it.</summary>
    public static Plan? PlanOf(Track track) => PlanOf(track.Plan, track.Provider);

    /// <inheritdoc cref="PlanOf(Track)"/>
    public static Plan? PlanOf(string? plan, string? provider) =>
        plan is not null && provider == ProviderName ? JsonSerializer.Deserialize<Plan>(plan, JsonSerializerOptions.Web) : null;

    /// <summary>Renders each part of a piece by itself.</summary>
    public async Task<IReadOnlyList<RenderedStem>> RenderStemsAsync(
        Plan plan, Quality quality, string folder, CancellationToken cancellationToken)
    {
        var options = plan.RenderOptions(quality.ToStudio(), folder) with { Stems = true, PreviewSeconds = 0 };
        return (await new Renderer(toolbox.Tools).RenderAsync(Composer.Compose(plan), options, null, cancellationToken)).Stems;
    }

    private static TrackPlan Facts(Plan plan) =>
        new(plan.Genre, plan.Mood, plan.Tempo, plan.Key.Name, JsonSerializer.Serialize(plan, JsonSerializerOptions.Web));

    /// <summary>A song being made. Progress is small and read at once: unbounded is fine.</summary>
    private sealed class Session
    {
        public Channel<ProviderProgress> Progress { get; } = Channel.CreateUnbounded<ProviderProgress>();
        public CancellationTokenSource Stop { get; } = new();
        public Task<ProviderResult>? Making { get; set; }
    }

    private sealed class Relay(ChannelWriter<ProviderProgress> writer) : IProgress<RenderProgress>
    {
        public void Report(RenderProgress value) => writer.TryWrite(value switch
        {
            { Stage: RenderStage.Preview } => new ProviderProgress(TrackStatus.Rendering, 0) { PreviewPath = value.PreviewPath },
            { Stage: RenderStage.Mastering } => new ProviderProgress(TrackStatus.Mastering, value.Percent),
            _ => new ProviderProgress(TrackStatus.Rendering, value.Percent),
        });
    }
}
