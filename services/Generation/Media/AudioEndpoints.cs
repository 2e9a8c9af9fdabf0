using Microsoft.EntityFrameworkCore;
using Son1kVers3.Generation.Data;
using Son1kVers3.Generation.Generations;
using Son1kVers3.Generation.Storage;
using Son1kVers3.ServiceDefaults.OpenApi;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Generation.Media;

/// <summary>The bytes of a track.</summary>
internal static class AudioEndpoints
{
    /// <summary>Maps <c>audio</c> and <c>preview</c> of a generation.</summary>
    public static IEndpointRouteBuilder MapAudio(this IEndpointRouteBuilder app)
    {
        var media = app.MapGroup("/api/generations/{id:guid}").WithTags("Media");
        media.MapFile("/audio", GetAudioAsync).WithName("GetAudio").ProducesFile<Stream>("audio/mpeg", "audio/ogg", "audio/flac", "audio/wav").Refuses(400)
            .WithSummary("The track as mp3 (default), opus, flac or wav").WithDescription("Range requests and ETag. Private tracks: their owner's token, or a signed address.");
        media.MapFile("/preview", GetPreviewAsync).WithName("GetPreview").ProducesFile<Stream>("audio/mpeg").WithSummary("The first ten seconds, before the master is done");
        return app;
    }

    private static async Task<IResult> GetAudioAsync(Guid id, string? format, HttpContext http, MediaAccess access, DerivedFiles files, GenerationDb db, TimeProvider clock)
    {
        format = string.IsNullOrEmpty(format) ? "mp3" : format;
        var track = await access.RequireFinishedAsync(http, id, "audio", format);
        if (!Encoder.Types.TryGetValue(format, out var type))
            throw Problem.Invalid("format", "One of mp3, opus, flac, wav.");
        var (path, file) = await files.GetAsync(track, "audio", format);
        await NotePlayAsync(db, track, clock);
        return new FileAnswer(track, path, file, type);
    }

    private static async Task<IResult> GetPreviewAsync(Guid id, HttpContext http, MediaAccess access, GenerationDb db, ITrackStore store)
    {
        var (track, _) = await access.RequireAsync(http, id, "preview", "mp3");
        if (track.Status is TrackStatus.Failed or TrackStatus.Cancelled)
            throw Problem.NotFound("file");
        var file = await db.TrackFiles.AsNoTracking().FirstOrDefaultAsync(f => f.TrackId == id && f.Kind == "preview", http.RequestAborted);
        var path = file is null ? null : await store.GetAsync(file.Key, http.RequestAborted);
        return path is null ? throw Problem.NotFound("preview") : new FileAnswer(track, path, file!, Encoder.Types["mp3"]);
    }

    /// <summary>Archiving goes by whole days: one write a day and track is enough.</summary>
    private static async Task NotePlayAsync(GenerationDb db, Track track, TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        if (track.PlayedAt is null || now - track.PlayedAt > TimeSpan.FromDays(1))
            await db.Tracks.Where(t => t.Id == track.Id).ExecuteUpdateAsync(set => set.SetProperty(t => t.PlayedAt, now));
    }
}
