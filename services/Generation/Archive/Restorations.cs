using System.Collections.Concurrent;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Generation.Archive;

/// <summary>Restores for requests that need a track's master. A request waits for it only so long; the work goes on without it.</summary>
/// <remarks>However many wait at this replica, they wait for one attempt.</remarks>
internal sealed class Restorations(IServiceScopeFactory scopes, TimeProvider clock)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(50);
    private readonly ConcurrentDictionary<Guid, Lazy<Task<Thaw>>> _running = [];

    /// <summary>Returns when there is nothing left to restore.</summary>
    /// <exception cref="ProblemException">503: it could not be done, or takes longer than a request should.</exception>
    public async Task RestoreAsync(Guid id)
    {
        var restoring = _running.GetOrAdd(id, _ => new Lazy<Task<Thaw>>(() => RunAsync(id)));
        try
        {
            if (await restoring.Value.WaitAsync(Patience, clock) == Thaw.Failed)
                throw Problem.Of(503, "restore-failed", "This track could not be brought back from the archive. It is kept there; ask again.", TimeSpan.FromSeconds(10));
        }
        catch (TimeoutException)
        {
            throw Problem.Of(503, "restoring", "This track is being brought back from the archive; follow its events, or ask again.", TimeSpan.FromSeconds(10));
        }
    }

    private async Task<Thaw> RunAsync(Guid id)
    {
        await Task.Yield();
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var thawing = scope.ServiceProvider.GetRequiredService<Thawing>();
            // So that it is seen, and finished by another replica if this one dies.
            await thawing.AskAsync(id);
            return await thawing.RestoreAsync(id, wait: true, CancellationToken.None);
        }
        finally
        {
            _running.TryRemove(id, out _);
        }
    }
}
