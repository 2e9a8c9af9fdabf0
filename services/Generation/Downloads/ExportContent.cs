using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Son1kVers3.Generation.Data;
using Son1kVers3.Generation.Entitlements;
using Son1kVers3.Generation.Files;
using Son1kVers3.Generation.Tracks;
using Son1kVers3.Generation.VoiceMemos;

namespace Son1kVers3.Generation.Downloads;

/// <summary>
/// Everything that the platform holds of a member: one JSON file a service, and the sound, scores and words of all tracks.
/// </summary>
/// <remarks>Sound is taken as it is stored: archived tracks are not brought back for it.</remarks>
internal sealed class ExportContent(GenerationDb db, ITrackStore store)
{
    private const int Batch = 200;
    private static readonly JsonSerializerOptions Readable = new(JsonSerializerOptions.Web) { WriteIndented = true };
    private static readonly FileKind[] Papers = [FileKind.Midi, FileKind.Score, FileKind.Lyrics];

    /// <summary>Always true: an export has no limit.</summary>
    public async Task<bool> WriteAsync(
        Download download, ZipArchive zip, IReadOnlyList<string> missing, Func<int, Task> report, CancellationToken cancellationToken)
    {
        await WriteJsonAsync(zip, "export.json",
            new { exportId = download.Id, requestedAt = download.CreatedAt, missingServices = missing }, cancellationToken);
        var services = await db.Set<StoredExportPart>().Where(p => p.ExportId == download.Id).Select(p => p.Service).Distinct()
            .OrderBy(s => s).ToListAsync(cancellationToken);
        foreach (var service in services)
            await WritePartsAsync(zip, download.Id, service, cancellationToken);
        await WriteMemosAsync(zip, download.UserId, cancellationToken);
        await WriteTracksAsync(zip, download.UserId, report, cancellationToken);
        return true;
    }

    /// <summary>The parts of a service, joined to one array.</summary>
    private async Task WritePartsAsync(ZipArchive zip, Guid export, string service, CancellationToken cancellationToken)
    {
        var joined = new JsonArray();
        await foreach (var part in db.Set<StoredExportPart>().AsNoTracking().Where(p => p.ExportId == export && p.Service == service)
            .OrderBy(p => p.Index).AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            foreach (var item in JsonNode.Parse(part.Json)?.AsArray() ?? [])
                joined.Add(item?.DeepClone());
        }

        await WriteJsonAsync(zip, $"{service}.json", joined, cancellationToken);
    }

    private async Task WriteMemosAsync(ZipArchive zip, Guid user, CancellationToken cancellationToken)
    {
        var memos = await db.Set<VoiceMemo>().AsNoTracking().Where(m => m.UserId == user).OrderBy(m => m.Id).ToListAsync(cancellationToken);
        var entitlement = await db.Set<Entitlement>().AsNoTracking().FirstOrDefaultAsync(e => e.UserId == user, cancellationToken);
        var claims = await db.Set<TrackClaim>().Where(c => c.UserId == user).Select(c => c.TrackId).ToListAsync(cancellationToken);
        await WriteJsonAsync(zip, "generation.json",
            new { voiceMemos = memos.Select(VoiceMemoView.Of), entitlement, claimedTracks = claims }, cancellationToken);
    }

    private async Task WriteTracksAsync(ZipArchive zip, Guid user, Func<int, Task> report, CancellationToken cancellationToken)
    {
        var names = new UniqueNames();
        var (done, all) = (0, await db.Tracks.CountAsync(t => t.UserId == user && t.DeletedAt == null, cancellationToken));
        for (Guid? after = null; ;)
        {
            var tracks = await db.Tracks.AsNoTracking()
                .Where(t => t.UserId == user && t.DeletedAt == null && (after == null || t.Id.CompareTo(after.Value) > 0))
                .OrderBy(t => t.Id).Take(Batch).ToListAsync(cancellationToken);
            if (tracks.Count == 0)
                return;
            var ids = tracks.Select(t => t.Id).ToList();
            var files = (await db.TrackFiles.AsNoTracking().Where(f => ids.Contains(f.TrackId)).ToListAsync(cancellationToken))
                .ToLookup(f => f.TrackId);
            foreach (var track in tracks)
            {
                await WriteTrackAsync(zip, track, [.. files[track.Id]], names, cancellationToken);
                await report(++done * 99 / Math.Max(all, done));
            }

            after = tracks[^1].Id;
        }
    }

    private async Task WriteTrackAsync(
        ZipArchive zip, Track track, List<TrackFile> files, UniqueNames names, CancellationToken cancellationToken)
    {
        await WriteJsonAsync(
            zip, $"tracks/{names.Of(track.Title, "json")}", new
            {
                track.Id,
                track.Title,
                track.Status,
                track.Kind,
                track.ParentId,
                track.Request,
                plan = PlanView.Of(
            track),
                track.Quality,
                track.Visibility,
                track.CreatedAt,
                track.FinishedAt
            }, cancellationToken);
        var sound = files.Find(f => f.Kind == FileKind.Audio && f.Format == FileFormat.Mp3)
            ?? files.Find(f => f.Kind is FileKind.Archive or FileKind.Master);
        foreach (var file in files.Where(f => f == sound || Papers.Contains(f.Kind)))
        {
            if (await store.GetAsync(file.Key, cancellationToken) is { } path)
                await zip.AddAsync(path, $"tracks/{names.Of(track.Title, file.Spec.Extension)}", cancellationToken);
        }
    }

    private static async Task WriteJsonAsync(ZipArchive zip, string name, object value, CancellationToken cancellationToken)
    {
        await using var entry = await zip.CreateEntry(name, CompressionLevel.Fastest).OpenAsync(cancellationToken);
        await JsonSerializer.SerializeAsync(entry, value, Readable, cancellationToken);
    }
}
