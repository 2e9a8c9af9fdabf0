using Microsoft.EntityFrameworkCore;
using Son1kVers3.Generation.Data;
using Son1kVers3.Generation.Entitlements;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Generation.Media;

/// <summary>What belongs to a track besides its sound.</summary>
internal static class PictureEndpoints
{
    /// <summary>Maps <c>waveform</c>, <c>cover</c>, <c>midi</c>, <c>score</c>, <c>lyrics</c> and <c>stems</c> of a generation.</summary>
    public static IEndpointRouteBuilder MapPictures(this IEndpointRouteBuilder app)
    {
        var media = app.MapGroup("/api/generations/{id:guid}").WithTags("Media");
        media.MapGet("/waveform", GetWaveformAsync).WithName("GetWaveform").WithSummary("Peaks as JSON, 1000 (default) or 8000 points");
        media.MapGet("/cover", GetCoverAsync).WithName("GetCover").WithSummary("PNG drawn from the music: square (default, 1024²) or og (1200×630)");
        media.MapGet("/midi", (Guid id, HttpContext http, MediaAccess access, DerivedFiles files) => GetMadeAsync(id, "midi", "mid", "audio/midi", http, access, files))
            .WithName("GetMidi").WithSummary("The composition as a MIDI file");
        media.MapGet("/score", (Guid id, HttpContext http, MediaAccess access, DerivedFiles files) => GetMadeAsync(id, "score", "musicxml", "application/vnd.recordare.musicxml+xml", http, access, files))
            .WithName("GetScore").WithSummary("The composition as MusicXML");
        media.MapGet("/lyrics", (Guid id, HttpContext http, MediaAccess access, DerivedFiles files) => GetMadeAsync(id, "lyrics", "json", "application/json", http, access, files))
            .WithName("GetLyrics").WithSummary("The sung words in time, for karaoke");
        media.MapGet("/stems", GetStemsAsync).WithName("GetStems").WithSummary("A zip with each instrument as FLAC").WithDescription("PRO up, else 403 stems-not-in-tier. Owner only. 503 with Retry-After while a long one is being made.");
        return app;
    }

    private static async Task<IResult> GetWaveformAsync(Guid id, string? points, HttpContext http, MediaAccess access, DerivedFiles files)
    {
        var track = await access.RequireFinishedAsync(http, id, "waveform", "json");
        if (points is not (null or "" or "1000" or "8000"))
            throw Problem.Invalid("points", "1000 or 8000.");
        var (path, file) = await files.GetAsync(track, "waveform", points == "8000" ? "8000.json" : "1000.json");
        return AudioEndpoints.Send(http, track, path, file, "application/json");
    }

    private static async Task<IResult> GetCoverAsync(Guid id, string? size, HttpContext http, MediaAccess access, DerivedFiles files)
    {
        var track = await access.RequireFinishedAsync(http, id, "cover", "png");
        if (size is not (null or "" or "square" or "og"))
            throw Problem.Invalid("size", "square or og.");
        var (path, file) = await files.GetAsync(track, "cover", size == "og" ? "og.png" : "square.png");
        return AudioEndpoints.Send(http, track, path, file, "image/png");
    }

    private static async Task<IResult> GetMadeAsync(Guid id, string kind, string format, string type, HttpContext http, MediaAccess access, DerivedFiles files)
    {
        var track = await access.RequireFinishedAsync(http, id, kind, format);
        var (path, file) = await files.FindAsync(track.Id, kind, format) ?? throw Problem.NotFound("file");
        http.Response.Headers.ContentDisposition = $"inline; filename=\"{id}.{format}\"";
        return AudioEndpoints.Send(http, track, path, file, type);
    }

    private static async Task<IResult> GetStemsAsync(Guid id, HttpContext http, MediaAccess access, StemPress press, GenerationDb db)
    {
        var (track, viewer) = await access.RequireAsync(http, id, "stems", "zip");
        if (viewer != track.UserId)
            throw viewer is null ? Problem.Of(401, "unauthorized", "Sign in to fetch the stems of your track.") : Problem.Of(403, "not-yours", "Stems are for the track's owner.");
        MediaAccess.RequireFinished(track);
        if (!await db.Set<Entitlement>().AnyAsync(e => e.UserId == viewer && e.Stems, http.RequestAborted))
            throw Problem.Of(403, "stems-not-in-tier", "Stems come with PRO and STUDIO.", null, ("upgradeTo", Contracts.Tier.Pro));
        var (path, file) = await press.GetAsync(track);
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"{id}-stems.zip\"";
        return AudioEndpoints.Send(http, track, path, file, "application/zip");
    }
}
