using Microsoft.EntityFrameworkCore;
using Son1kVers3.Generation.Data;
using Son1kVers3.Generation.Entitlements;
using Son1kVers3.Generation.Generations;
using Son1kVers3.Generation.Providers;
using Son1kVers3.ServiceDefaults.OpenApi;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Generation.Media;

/// <summary>What belongs to a track besides its sound.</summary>
internal static class PictureEndpoints
{
    /// <summary>Maps <c>waveform</c>, <c>cover</c>, <c>midi</c>, <c>score</c>, <c>lyrics</c> and <c>stems</c> of a generation.</summary>
    public static IEndpointRouteBuilder MapPictures(this IEndpointRouteBuilder app)
    {
        var media = app.MapGroup("/api/generations/{id:guid}").WithTags("Media");
        media.MapFile("/waveform", GetWaveformAsync).WithName("GetWaveform").ProducesFile<WaveformView>("application/json").Refuses(400).WithSummary("Peaks as JSON, 1000 (default) or 8000 points");
        media.MapFile("/cover", GetCoverAsync).WithName("GetCover").ProducesFile<Stream>("image/png").Refuses(400).WithSummary("PNG drawn from the music: square (default, 1024²) or og (1200×630)");
        MapMade<Stream>(media, "midi", "mid", "audio/midi").WithName("GetMidi").WithSummary("The composition as a MIDI file");
        MapMade<Stream>(media, "score", "musicxml", "application/vnd.recordare.musicxml+xml").WithName("GetScore").WithSummary("The composition as MusicXML");
        MapMade<LyricsView>(media, "lyrics", "json", "application/json").WithName("GetLyrics").WithSummary("The sung words in time, for karaoke");
        media.MapFile("/stems", GetStemsAsync).WithName("GetStems").ProducesFile<Stream>("application/zip").Refuses(403, 409).WithSummary("A zip with each instrument as FLAC")
            .WithDescription("PRO up, else 403 stems-not-in-tier. Owner only. 503 with Retry-After while a long one is being made.");
        return app;
    }

    /// <summary>What was written down with the track.</summary>
    private static RouteHandlerBuilder MapMade<T>(RouteGroupBuilder media, string kind, string format, string type) => media
        .MapFile($"/{kind}", (Guid id, HttpContext http, MediaAccess access, DerivedFiles files) => GetMadeAsync(id, kind, format, type, http, access, files)).ProducesFile<T>(type);

    private static async Task<IResult> GetWaveformAsync(Guid id, string? points, HttpContext http, MediaAccess access, DerivedFiles files)
    {
        var track = await access.RequireFinishedAsync(http, id, "waveform", "json");
        if (points is not (null or "" or "1000" or "8000"))
            throw Problem.Invalid("points", "1000 or 8000.");
        var (path, file) = await files.GetAsync(track, "waveform", points == "8000" ? "8000.json" : "1000.json");
        return new FileAnswer(track, path, file, "application/json");
    }

    private static async Task<IResult> GetCoverAsync(Guid id, string? size, HttpContext http, MediaAccess access, DerivedFiles files)
    {
        var track = await access.RequireFinishedAsync(http, id, "cover", "png");
        if (size is not (null or "" or "square" or "og"))
            throw Problem.Invalid("size", "square or og.");
        var (path, file) = await files.GetAsync(track, "cover", size == "og" ? "og.png" : "square.png");
        return new FileAnswer(track, path, file, "image/png");
    }

    private static async Task<IResult> GetMadeAsync(Guid id, string kind, string format, string type, HttpContext http, MediaAccess access, DerivedFiles files)
    {
        var track = await access.RequireFinishedAsync(http, id, kind, format);
        var (path, file) = await files.FindAsync(track.Id, kind, format) ?? throw Problem.NotFound("file");
        http.Response.Headers.ContentDisposition = $"inline; filename=\"{id}.{format}\"";
        return new FileAnswer(track, path, file, type);
    }

    private static async Task<IResult> GetStemsAsync(Guid id, HttpContext http, MediaAccess access, StemPress press, GenerationDb db)
    {
        var (track, viewer) = await access.RequireAsync(http, id, "stems", "zip");
        if (viewer is null)
            throw Problem.Of(401, "unauthorized", "Sign in to fetch the stems of your track.");
        ShownTracks.RequireOwn(MediaAccess.RequireFinished(track), viewer.Value);
        if (!await db.Set<Entitlement>().AnyAsync(e => e.UserId == viewer && e.Stems, http.RequestAborted))
            throw Problem.Of(403, "stems-not-in-tier", "Stems come with PRO and STUDIO.", null, ("upgradeTo", Contracts.Tier.Pro));
        var (path, file) = await press.GetAsync(track);
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"{id}-stems.zip\"";
        return new FileAnswer(track, path, file, "application/zip");
    }
}
