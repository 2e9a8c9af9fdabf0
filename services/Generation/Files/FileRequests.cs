using Microsoft.EntityFrameworkCore;
using Son1kVers3.Generation.Data;
using Son1kVers3.ServiceDefaults.Leases;

namespace Son1kVers3.Generation.Files;

/// <summary>The queue of files that are to be made. Nothing is held while a file is made but its lease.</summary>
/// <remarks>
/// Order: turn, then age. A request's turn is the one after its member's last waiting request, but never before the turn that is being
/// served:
/// a hundred requests of one member take a hundred turns, and another member's single one joins the turn being served.
/// A request whose worker died is taken again when its lease has run out, and given up after too many deaths.
/// </remarks>
internal sealed class FileRequests(GenerationDb db, LeaseStore leases)
{
    private const int MaxAttempts = 3;

    /// <summary>More than workers make at the same time, so that one is found which nobody is at.</summary>
    private const int Candidates = 20;

    /// <summary>Asks for a file. Asking again changes nothing.</summary>
    /// <param name="user">Whose turn it takes; those who are not signed in share one.</param>
    public Task AddAsync(Guid track, FileSpec spec, Guid user)
    {
        var (kind, format) = (Word(spec.Kind), Word(spec.Format));
        return db.Database.ExecuteSqlAsync(
            $"""
            WITH added AS (
                INSERT INTO file_requests (track_id, kind, format, variant, user_id, turn, requested_at, attempts)
                SELECT {track}, {kind}, {format}, {spec.Variant}, {user}, GREATEST(
                    COALESCE((SELECT max(turn) + 1 FROM file_requests WHERE user_id = {user}), 0),
                    COALESCE((SELECT min(turn) FROM file_requests), 0)), now(), 0
                ON CONFLICT DO NOTHING RETURNING track_id)
            SELECT pg_notify({DatabaseSignals.FilesWanted}, '') FROM added
            """);
    }

    /// <summary>Takes the next request with its lease, or null when none waits.</summary>
    public async Task<(FileRequest Request, Lease Lease)?> TakeAsync(CancellationToken cancellationToken)
    {
        var waiting = await db.Set<FileRequest>().AsNoTracking().OrderBy(r => r.Turn).ThenBy(r => r.RequestedAt).Take(Candidates)
            .ToListAsync(cancellationToken);
        foreach (var request in waiting)
        {
            if (await leases.TryTakeAsync(request.Name, cancellationToken: cancellationToken) is not { } lease)
                continue;
            if (request.Attempts < MaxAttempts && await CountAttemptAsync(request, 1) == 1)
                return (request, lease);
            // It was made before the lease was taken, or killed its workers.
            await EndAsync(request);
            await lease.DisposeAsync();
        }

        return null;
    }

    /// <summary>Ends a request, in the current transaction or by itself; those who wait look for the file then.</summary>
    public Task EndAsync(FileRequest request)
    {
        var (kind, format) = (Word(request.Kind), Word(request.Format));
        return db.Database.ExecuteSqlAsync(
            $"""
            WITH ended AS (
                DELETE FROM file_requests
                WHERE track_id = {request.TrackId} AND kind = {kind} AND format = {format} AND variant = {request.Variant}
                RETURNING track_id)
            SELECT pg_notify({DatabaseSignals.FileSettled}, {request.Name}) FROM ended
            """);
    }

    /// <summary>This worker is told to stop, which is not the file's fault: the attempt does not count.</summary>
    public Task ReturnAsync(FileRequest request) => CountAttemptAsync(request, -1);

    /// <summary>Which files of these tracks are still wanted; the others are made, or will not be.</summary>
    public async Task<HashSet<string>> OpenAsync(IReadOnlyList<Guid> tracks, CancellationToken cancellationToken) =>
        [.. (await db.Set<FileRequest>().AsNoTracking().Where(r => tracks.Contains(r.TrackId)).ToListAsync(cancellationToken))
            .Select(r => r.Name)];

    private Task<int> CountAttemptAsync(FileRequest request, int by) => db.Set<FileRequest>()
        .Where(r => r.TrackId == request.TrackId && r.Kind == request.Kind && r.Format == request.Format && r.Variant == request.Variant)
        .ExecuteUpdateAsync(set => set.SetProperty(r => r.Attempts, r => r.Attempts + by));

    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
