using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Son1kVers3.Contracts;
using Son1kVers3.Generation.Jobs;
using Son1kVers3.Generation.Providers;
using Son1kVers3.Generation.Tracks;
using Son1kVers3.Studio.Composing;
using Son1kVers3.Studio.Planning;

namespace Son1kVers3.Generation.Tests;

/// <summary>
/// Makes the same short tone of every order at once. Words of the prompt make it wait at a stage (<c>hold:rendering</c>), hang in its first
/// attempt whoever makes
/// it (<c>hang:once</c>), fail (<c>fail:ContentRejected</c>), or write MIDI and score of what the studio would compose
/// (<c>with:papers</c>).
/// </summary>
internal sealed class TestProvider(string masterPath) : IMusicProvider
{
    private readonly ConcurrentDictionary<string, ProviderRequest> _jobs = [];
    private readonly ConcurrentDictionary<Guid, TaskCompletionSource> _held = [];

    public string Name { get; init; } = "test";

    public ProviderCapabilities Capabilities { get; init; } = new(
        [Quality.Standard, Quality.High, Quality.Ultra], 300, Lyrics: true, Plans: true);

    /// <summary>Generations in the order in which they were begun.</summary>
    public ConcurrentQueue<Guid> Begun { get; } = [];

    /// <summary>Handles whose work was stopped.</summary>
    public ConcurrentQueue<Guid> Stopped { get; } = [];

    /// <summary>Folders of attempts.</summary>
    public ConcurrentQueue<string> Folders { get; } = [];

    public ProviderStatus Status { get; set; } = new(true);

    public ValueTask<ProviderStatus> GetStatusAsync(CancellationToken cancellationToken) => ValueTask.FromResult(Status);

    /// <summary>Lets a held job go on.</summary>
    public void Release(Guid generation) => Gate(generation).TrySetResult();

    public Task<string> SubmitAsync(ProviderRequest request, CancellationToken cancellationToken)
    {
        var handle = Guid.NewGuid().ToString();
        _jobs[handle] = request;
        Begun.Enqueue(request.TrackId);
        Folders.Enqueue(request.Folder);
        if (Word(request, "fail:") is { } error)
            throw new ProviderException(Enum.Parse<ProviderError>(error), "secret technical text");
        return Task.FromResult(handle);
    }

    public async IAsyncEnumerable<ProviderProgress> FollowAsync(string handle, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var job = _jobs[handle];
        yield return new ProviderProgress(TrackStatus.Composing, 50) { Plan = Plan };
        await HoldAsync(job, "composing", cancellationToken);
        yield return new ProviderProgress(TrackStatus.Rendering, 0);
        yield return new ProviderProgress(TrackStatus.Rendering, 42);
        await HoldAsync(job, "rendering", cancellationToken);
        await HangAsync(job, cancellationToken);
        yield return new ProviderProgress(TrackStatus.Mastering, 0);
        await HoldAsync(job, "mastering", cancellationToken);
    }

    public async Task<ProviderResult> FetchAsync(string handle, CancellationToken cancellationToken)
    {
        var job = _jobs[handle];
        var master = Path.Combine(job.Folder, "master.flac");
        File.Copy(masterPath, master);
        if (Word(job, "with:") != "papers")
            return new ProviderResult(master, 10, Plan, null, []);
        var composed = Planner.Read(job.Request);
        return new ProviderResult(
            master, 10, Plan, composed.Title, await StudioDocuments.WriteAsync(
                Composer.Compose(composed), [], job.Folder, cancellationToken));
    }

    public Task CancelAsync(string handle)
    {
        _jobs.TryRemove(handle, out _);
        return Task.CompletedTask;
    }

    private static TrackPlan Plan { get; } = new(
        "pop", "calm", 100, "A minor", JsonSerializer.Serialize(
            new
            {
                genre = "pop",
                mood = "calm",
                tempo = 100,
                key = "A minor",
                timeSignature = "4/4",
                form = Array.Empty<object>(),
                instruments = new[] { "Tone" },
                engineVersion = "test-1"
            }));

    private static string? Word(ProviderRequest job, string prefix) =>
        job.Request.Prompt.Split(' ').FirstOrDefault(w => w.StartsWith(prefix, StringComparison.Ordinal))?[prefix.Length..];

    private async Task HoldAsync(ProviderRequest job, string stage, CancellationToken cancellationToken)
    {
        if (Word(job, "hold:") != stage)
            return;
        try
        {
            await Gate(job.TrackId).Task.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Stopped.Enqueue(job.TrackId);
            throw;
        }
    }

    private async Task HangAsync(ProviderRequest job, CancellationToken cancellationToken)
    {
        var begun = $"{masterPath}.{job.TrackId}";
        if (Word(job, "hang:") != "once" || File.Exists(begun))
            return;
        await File.WriteAllTextAsync(begun, "", cancellationToken);
        await Task.Delay(Timeout.Infinite, cancellationToken);
    }

    private TaskCompletionSource Gate(Guid generation) =>
        _held.GetOrAdd(generation, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
