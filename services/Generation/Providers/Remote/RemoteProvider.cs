using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Son1kVers3.Generation.Files;
using Son1kVers3.Generation.Tracks;
using Son1kVers3.Studio.Listening;
using Son1kVers3.Studio.Mastering;
using Son1kVers3.Studio.Planning;
using Son1kVers3.Studio.Rendering;

namespace Son1kVers3.Generation.Providers.Remote;

/// <summary>A service elsewhere as a provider: the job around its dialect, and its sound under the studio's mastering.</summary>
internal sealed class RemoteProvider(RemoteService service, RemoteTools tools) : IMusicProvider
{
    /// <summary>What is not there after this time is given up.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromMinutes(15);

    private const int MostFailedPolls = 4;

    /// <summary>A result shorter than this share of what was asked for is a failure.</summary>
    private const double ShortestShare = 0.5;

    private const double TailSeconds = 5;
    private static readonly TimeSpan CancelTimeout = TimeSpan.FromSeconds(10);
    private readonly ConcurrentDictionary<string, Session> _sessions = [];

    public string Name => service.Name;

    public ProviderCapabilities Capabilities => service.Capabilities;

    public ValueTask<ProviderStatus> GetStatusAsync(CancellationToken cancellationToken) => tools.Directory.StatusOfAsync(Name, cancellationToken);

    public Task<string> SubmitAsync(ProviderRequest request, CancellationToken cancellationToken) => Task.FromResult(Open(
        request, new EgressJob(tools.Client(), Name, service.IsJob(request.Request)), null));

    public Task<string> ResumeAsync(ProviderRequest request, string checkpoint, CancellationToken cancellationToken)
    {
        var begun = RemoteCheckpoint.Read(checkpoint);
        return Task.FromResult(Open(request, begun.Connect(tools.Client(), Name), begun));
    }

    public async IAsyncEnumerable<ProviderProgress> FollowAsync(string handle, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var session = Find(handle);
        using var deadline = new CancellationTokenSource(session.Left(tools.Clock.GetUtcNow()), tools.Clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        cancellationToken.ThrowIfCancellationRequested();
        yield return new ProviderProgress(TrackStatus.Composing, 50) { Plan = session.Facts(Name) };
        yield return new ProviderProgress(TrackStatus.Rendering, 0);
        for (var mayOrderAnew = true; !session.HasSound; mayOrderAnew = false)
        {
            if (session.Job is null)
            {
                await GuardAsync(async () => session.Job = await service.StartAsync(session.Egress, session.Order, stop.Token), cancellationToken);
                if (session.Job is { } job && session.Egress.Lease is { } lease)
                    yield return new ProviderProgress(TrackStatus.Rendering, 0) { Checkpoint = new RemoteCheckpoint(lease, job, session.Begun).Write() };
            }

            await WaitOrLoseAsync(session, mayOrderAnew, stop.Token, cancellationToken);
        }

        yield return new ProviderProgress(TrackStatus.Mastering, 0);
        await GuardAsync(() => MasterAsync(session, stop.Token), cancellationToken);
        yield return new ProviderProgress(TrackStatus.Mastering, 100);
    }

    public Task<ProviderResult> FetchAsync(string handle, CancellationToken cancellationToken)
    {
        var session = Find(handle);
        return session.Seconds is { } seconds
            ? Task.FromResult(new ProviderResult(session.MasterPath, seconds, session.Facts(Name), session.Order.Plan.Title, []) { Provider = Name })
            : throw new ProviderException(ProviderError.InvalidRequest, $"The job {handle} is not done.");
    }

    public async Task CancelAsync(string handle)
    {
        if (!_sessions.TryRemove(handle, out var session))
            return;
        await using var egress = session.Egress;
        if (session is { Job: { } job, HasSound: false })
            await StopAsync(job, stop => service.CancelAsync(egress, job, stop));
    }

    public Task LeaveAsync(string handle)
    {
        _sessions.TryRemove(handle, out _);
        return Task.CompletedTask;
    }

    public async Task CancelLeftAsync(string checkpoint)
    {
        var begun = RemoteCheckpoint.Read(checkpoint);
        await using var egress = begun.Connect(tools.Client(), Name);
        await StopAsync(begun.Job, stop => service.CancelAsync(egress, begun.Job, stop));
    }

    private async Task StopAsync(RemoteJob job, Func<CancellationToken, Task> work)
    {
        using var soon = new CancellationTokenSource(CancelTimeout, tools.Clock);
        try
        {
            await GuardAsync(() => work(soon.Token), CancellationToken.None);
        }
        catch (ProviderException e)
        {
            tools.Log.LogInformation("{Provider} could not stop {Job}: {Reason}", Name, job.Id, e.Message);
        }
    }

    private string Open(ProviderRequest request, EgressJob egress, RemoteCheckpoint? begun)
    {
        var handle = Guid.NewGuid().ToString("N");
        var order = new RemoteOrder(request.Request, Planner.Read(request.Request), Path.Combine(request.Folder, "remote.audio"));
        _sessions[handle] = new Session(request, order, begun?.At ?? tools.Clock.GetUtcNow()) { Egress = egress, Job = begun?.Job };
        return handle;
    }

    private Session Find(string handle) => _sessions.TryGetValue(handle, out var session)
        ? session
        : throw new ProviderException(ProviderError.InvalidRequest, $"There is no job {handle}.");

    /// <summary>Waits for the sound. Where the account is lost in the middle, the session is as before the order, for another account to make it.</summary>
    private async Task WaitOrLoseAsync(Session session, bool mayOrderAnew, CancellationToken stop, CancellationToken cancellationToken)
    {
        try
        {
            await GuardAsync(() => WaitAsync(session, stop), cancellationToken);
        }
        catch (ProviderException e) when (mayOrderAnew && session.Job is { } job && e is { MayFallBack: true } and not RemoteFailure && !stop.IsCancellationRequested)
        {
            tools.Log.LogWarning("{Provider} lost {Job} with its account: {Reason}", Name, job.Id, e.Message);
            // Should the account be there after all, it does not go on with what another one makes.
            await StopAsync(job, soon => service.CancelAsync(session.Egress, job, soon));
            await session.Egress.DisposeAsync();
            (session.Job, session.Egress) = (null, new EgressJob(tools.Client(), Name, needsLease: true));
        }
    }

    private async Task WaitAsync(Session session, CancellationToken stop)
    {
        for (var failed = 0; session.Job is { } job;)
        {
            await Task.Delay(tools.PollInterval, tools.Clock, stop);
            try
            {
                if (await service.PollAsync(session.Egress, job, session.Order, stop))
                    break;
                failed = 0;
            }
            catch (Exception e) when (IsPassing(e) && ++failed < MostFailedPolls)
            {
                // The work goes on meanwhile, and is paid for.
                tools.Log.LogInformation("Asking {Provider} for {Job} failed: {Reason}", Name, job.Id, e.Message);
            }
        }

        session.HasSound = true;
    }

    private async Task MasterAsync(Session session, CancellationToken stop)
    {
        var (request, asked) = (session.Request, session.Order.Request.DurationSeconds);
        var seconds = await new Remaster(tools.Studio.Tools).WriteAsync(
            session.Order.SoundPath, session.MasterPath, request.Folder, asked + TailSeconds, request.Quality.ToStudio(), stop);
        if (seconds < asked * ShortestShare)
            throw new ProviderException(ProviderError.Transient, $"{Name} delivered {seconds:0.0} s of {asked} s.");
        session.Seconds = seconds;
    }

    private static bool IsPassing(Exception e) =>
        e is HttpRequestException or IOException or ProviderException { Error: ProviderError.Transient or ProviderError.RateLimited }
            and not (RemoteFailure or AccountLost);

    /// <summary>Whatever goes wrong at the service is a provider's failure.</summary>
    private async Task GuardAsync(Func<Task> work, CancellationToken cancellationToken)
    {
        try
        {
            await work();
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ProviderException(ProviderError.Transient, $"{Name} did not deliver in time.", e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException or InvalidOperationException or FormatException
            or AudioRejectedException or StudioMissingException or ArgumentException or KeyNotFoundException)
        {
            throw new ProviderException(ProviderError.Transient, $"{Name}: {e.Message}", e);
        }
    }

    /// <param name="Begun">By whichever worker.</param>
    private sealed record Session(ProviderRequest Request, RemoteOrder Order, DateTimeOffset Begun)
    {
        public required EgressJob Egress { get; set; }
        public RemoteJob? Job { get; set; }
        public bool HasSound { get; set; }
        public double? Seconds { get; set; }
        public TimeSpan Left(DateTimeOffset now) => Begun + Deadline is var end && end > now ? end - now : TimeSpan.Zero;

        public string MasterPath => Path.Combine(Request.Folder, "master.flac");

        public TrackPlan Facts(string provider)
        {
            var plan = Order.Plan;
            var view = new PlanView
            {
                Genre = plan.Genre,
                Mood = plan.Mood,
                Tempo = plan.Tempo,
                Key = plan.Key.Name,
                TimeSignature = $"{plan.TimeSignature.Numerator}/{plan.TimeSignature.Denominator}",
                Form = [.. plan.Form.Select(s => new PlanSectionView(s.Section, s.StartSeconds, s.Bars))],
                EngineVersion = provider,
                Instrumental = Order.Lyrics is null,
            };
            return new TrackPlan(plan.Genre, plan.Mood, plan.Tempo, plan.Key.Name, JsonSerializer.Serialize(view, JsonSerializerOptions.Web));
        }
    }
}

/// <summary>The job can't be reached at its account any more, and nobody else follows it.</summary>
internal sealed class AccountLost(string message) : ProviderException(ProviderError.Transient, message);

/// <summary>The service's own word that a job failed, or stealth's that another worker has it: asking again, here or at another account, is wrong.</summary>
internal sealed class RemoteFailure(ProviderError error, string message) : ProviderException(error, message);
