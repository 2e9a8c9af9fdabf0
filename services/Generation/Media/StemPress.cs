using System.Collections.Concurrent;
using Son1kVers3.Generation.Generations;
using Son1kVers3.Generation.Storage;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Generation.Media;

/// <summary>Makes stems on demand. That renders the piece again, so a request waits for it only so long; the work goes on without it.</summary>
internal sealed class StemPress(IServiceScopeFactory scopes, TimeProvider clock)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(50);
    private readonly ConcurrentDictionary<Guid, Lazy<Task<(string Path, TrackFile File)>>> _making = [];

    /// <exception cref="ProblemException">503 while it takes longer than a request should.</exception>
    public async Task<(string Path, TrackFile File)> GetAsync(Track track)
    {
        var making = _making.GetOrAdd(track.Id, _ => new Lazy<Task<(string, TrackFile)>>(() => MakeAsync(track)));
        try
        {
            return await making.Value.WaitAsync(Patience, clock);
        }
        catch (TimeoutException)
        {
            throw Problem.Unavailable("The stems of this track are being made; ask again.", TimeSpan.FromSeconds(10));
        }
    }

    private async Task<(string Path, TrackFile File)> MakeAsync(Track track)
    {
        await Task.Yield();
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            return await scope.ServiceProvider.GetRequiredService<DerivedFiles>().GetAsync(track, "stems", "zip");
        }
        finally
        {
            _making.TryRemove(track.Id, out _);
        }
    }
}
