using System.IO.Compression;
using Microsoft.EntityFrameworkCore;
using Son1kVers3.Generation.Data;
using Son1kVers3.Generation.Files;
using Son1kVers3.Generation.Media;
using Son1kVers3.Generation.Tracks;
using Son1kVers3.ServiceDefaults.Leases;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Generation.Downloads;

/// <summary>Writes one zip, whole or not at all.</summary>
internal sealed class DownloadWriter(GenerationDb db, DownloadQueue queue, DerivedFiles derived, ExportContent export, ITrackStore store,
    MediaFolder folder, ILogger<DownloadWriter> log)
{
    private const long Largest = 4L << 30;
    private const int Tries = 10;

    public async Task WriteAsync(Download download, Lease lease)
    {
        var scratch = folder.CreateScratch($"download-{Guid.NewGuid():N}");
        try
        {
            var path = Path.Combine(scratch, "download.zip");
            var fits = true;
            await using (var zip = await ZipFile.OpenAsync(path, ZipArchiveMode.Create, lease.Lost))
            {
                fits = download.Kind == DownloadKind.Export
                    ? await export.WriteAsync(download, zip, await queue.MissingPartsAsync(download, lease.Lost),
                        percent => queue.ReportAsync(download.Id, percent), lease.Lost)
                    : await WriteTracksAsync(download, zip, path, lease.Lost);
            }

            if (!fits)
            {
                await queue.FailAsync(download.Id, DownloadFailure.TooLarge);
                return;
            }

            var key = $"downloads/{download.UserId}/{download.Id}-{Guid.NewGuid():N}.zip";
            var stored = await store.PutAsync(key, path, lease.Lost);
            if (!await queue.CompleteAsync(download, lease, key, stored.Bytes))
                await store.DeleteAsync(key, CancellationToken.None);
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }

    private async Task<bool> WriteTracksAsync(Download download, ZipArchive zip, string path, CancellationToken cancellationToken)
    {
        var tracks = await db.Tracks.AsNoTracking().Where(t => download.TrackIds.Contains(t.Id) && t.DeletedAt == null)
            .ToDictionaryAsync(t => t.Id, cancellationToken);
        var names = new UniqueNames();
        for (var i = 0; i < download.TrackIds.Length; i++)
        {
            if (tracks.GetValueOrDefault(download.TrackIds[i]) is { } track
                && await FileOfAsync(track, download, cancellationToken) is { } file)
                await zip.AddAsync(file.Path, names.Of(track.Title, file.File.Spec.Extension), cancellationToken);
            if (new FileInfo(path).Length > Largest)
                return false;
            await queue.ReportAsync(download.Id, (i + 1) * 99 / download.TrackIds.Length);
        }

        return true;
    }

    /// <summary>Null: the track went meanwhile, or the file cannot be made; the zip goes without it.</summary>
    private async Task<LocalFile?> FileOfAsync(Track track, Download download, CancellationToken cancellationToken)
    {
        var spec = new FileSpec(FileKind.Audio, download.Format);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await derived.GetAsync(track, spec, new Viewer(download.UserId), cancellationToken);
            }
            catch (ProblemException e) when (e.Details.Status == StatusCodes.Status503ServiceUnavailable && attempt < Tries)
            {
                // A long queue, or a restore: it goes on meanwhile.
            }
            catch (ProblemException e)
            {
                log.LogWarning("Download {Download} goes without {Track}: {Reason}", download.Id, track.Id, e.Message);
                return null;
            }
        }
    }
}

/// <summary>Names of files in a zip.</summary>
internal sealed class UniqueNames
{
    private readonly HashSet<string> _taken = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>A name that no earlier one equals, whatever the titles are.</summary>
    public string Of(string title, string extension)
    {
        var name = DownloadName.Clean(title);
        for (var n = 1; ; n++)
        {
            var candidate = n == 1 ? $"{name}.{extension}" : $"{name} ({n}).{extension}";
            if (_taken.Add(candidate))
                return candidate;
        }
    }
}

internal static class Zips
{
    /// <summary>Adds a file as it is: sound does not get any smaller.</summary>
    public static async Task AddAsync(this ZipArchive zip, string path, string name, CancellationToken cancellationToken) =>
        await zip.CreateEntryFromFileAsync(path, name, CompressionLevel.NoCompression, cancellationToken);
}
