using Microsoft.EntityFrameworkCore;
using Son1kVers3.Generation.Data;
using Son1kVers3.Generation.Entitlements;
using Son1kVers3.Generation.Files;
using Son1kVers3.Generation.Measures;
using Son1kVers3.Generation.Providers;
using Son1kVers3.Generation.Tracks;
using Son1kVers3.ServiceDefaults.OpenApi;
using Son1kVers3.ServiceDefaults.Problems;
using Son1kVers3.Studio.Planning;

namespace Son1kVers3.Generation.Media;

/// <summary>What belongs to a track besides its sound.</summary>
internal static class PictureEndpoints
{
    private const int UsualCover = 640;
    private static readonly string[] CoverSizes = ["96", "320", "640", "1024"];

    /// <summary>Maps <c>waveform</c>, <c>cover</c>, <c>midi</c>, <c>score</c>, <c>lyrics</c> and <c>stems</c> of a generation.</summary>
    public static IEndpointRouteBuilder MapPictures(this IEndpointRouteBuilder app)
    {
        var media = app.MapGroup("/api/generations/{id:guid}").WithTags("Media");
        media.MapFile("/waveform", GetWaveformAsync).Sends<WaveformView>("application/json").Refuses(400);
        media.MapFile("/cover", GetCoverAsync).Sends<Stream>("image/webp", "image/png").Refuses(400);
        media.MapFile("/midi", GetMidiAsync).Sends<Stream>("audio/midi");
        media.MapFile("/score", GetScoreAsync).Sends<Stream>("application/vnd.recordare.musicxml+xml");
        media.MapFile("/lyrics", GetLyricsAsync).Sends<LyricsView>("application/json");
        media.MapFile("/stems", GetStemsAsync).Sends<Stream>("application/zip").Refuses(403, 409);
        return app;
    }

    [EndpointName("GetWaveform"), EndpointSummary("Peaks as JSON, 1000 (default) or 8000 points")]
    private static async Task<StoredFileResult> GetWaveformAsync(
        Guid id, string? points, HttpContext http, MediaAccess access, DerivedFiles files)
    {
        var (track, viewer) = await access.RequireFinishedAsync(http, id, "waveform", "json");
        if (points is not (null or "" or "1000" or "8000"))
            throw Problem.Invalid("points", "One of 1000, 8000.");
        var file = await files.GetAsync(track, points == "8000" ? WaveformView.Fine : WaveformView.Usual, viewer, http.RequestAborted);
        return new StoredFileResult(file, null) { IsPublic = track.IsOpen() };
    }

    [EndpointName("GetCover"), EndpointSummary("The cover, drawn from the music: size 96, 320, 640 (default), 1024, or og (1200×630)")]
    [EndpointDescription("WebP, or PNG by format=png or an Accept header that takes PNG and no WebP.")]
    private static async Task<StoredFileResult> GetCoverAsync(
        Guid id, string? size, string? format, HttpContext http, MediaAccess access, DerivedFiles files)
    {
        (size, format) = (size?.ToLowerInvariant(), format?.ToLowerInvariant());
        var png = string.IsNullOrEmpty(format) ? TakesOnlyPng(http.Request) : format == "png";
        var (track, viewer) = await access.RequireFinishedAsync(http, id, "cover", string.IsNullOrEmpty(format) ? "webp" : format);
        if (format is not (null or "" or "png" or "webp"))
            throw Problem.Invalid("format", "One of webp, png.");
        if (size is not (null or "" or "og") && !CoverSizes.Contains(size))
            throw Problem.Invalid("size", "One of 96, 320, 640, 1024, og.");
        var width = size == "og"
            ? TrackCover.OpenGraph
            : size is null or "" ? UsualCover : int.Parse(size, System.Globalization.CultureInfo.InvariantCulture);
        var file = await files.GetAsync(
            track, new FileSpec(FileKind.Cover, png ? FileFormat.Png : FileFormat.WebP, width), viewer, http.RequestAborted);
        http.Response.Headers.Vary = "Accept";
        return new StoredFileResult(file, track.Title) { IsPublic = track.IsOpen() };
    }

    [EndpointName("GetMidi"), EndpointSummary("The composition as a MIDI file")]
    private static Task<StoredFileResult> GetMidiAsync(Guid id, HttpContext http, MediaAccess access, DerivedFiles files) =>
        GetWrittenAsync(id, FileSpec.Midi, "midi", http, access, files);

    [EndpointName("GetScore"), EndpointSummary("The composition as MusicXML")]
    private static Task<StoredFileResult> GetScoreAsync(Guid id, HttpContext http, MediaAccess access, DerivedFiles files) =>
        GetWrittenAsync(id, FileSpec.Score, "score", http, access, files);

    [EndpointName("GetLyrics"), EndpointSummary("The sung words in time, for karaoke")]
    private static Task<StoredFileResult> GetLyricsAsync(Guid id, HttpContext http, MediaAccess access, DerivedFiles files) =>
        GetWrittenAsync(id, FileSpec.Lyrics, "lyrics", http, access, files);

    /// <summary>What was written down with the track; after a rename with its new title.</summary>
    private static async Task<StoredFileResult> GetWrittenAsync(
        Guid id, FileSpec spec, string kind, HttpContext http, MediaAccess access, DerivedFiles files)
    {
        var (track, viewer) = await access.RequireFinishedAsync(http, id, kind, spec.Extension);
        var file = await files.FindWrittenAsync(track, spec, viewer, http.RequestAborted) ?? throw Problem.NotFound("file");
        return new StoredFileResult(file, track.Title) { IsPublic = track.IsOpen() };
    }

    [EndpointName("GetStems"), EndpointSummary("A zip with each instrument as FLAC")]
    [EndpointDescription(
        "PRO up, else 403 stems-not-in-tier. Owner only. 409 stems-not-available for tracks of an earlier engine. 503 with "
        + "Retry-After while a long one is being made.")]
    private static async Task<StoredFileResult> GetStemsAsync(
        Guid id, HttpContext http, MediaAccess access, DerivedFiles files, GenerationDb db)
    {
        var (track, viewer) = await access.RequireAsync(http, id, "stems", "zip");
        if (viewer.UserId is null)
            throw Problem.Of(401, "unauthorized", "Sign in to fetch the stems of your track.");
        VisibleTracks.RequireOwn(MediaAccess.RequireFinished(track), viewer);
        if (!await db.Set<Entitlement>().AnyAsync(e => e.UserId == viewer.UserId && e.Stems, http.RequestAborted))
            throw Problem.Of(403, "stems-not-in-tier", "Stems come with PRO and STUDIO.", null, ("upgradeTo", Contracts.Tier.Pro));
        if (track.Provider != StudioProvider.ProviderName && await files.FindAsync(track, FileSpec.Stems, http.RequestAborted) is null)
            throw Problem.NotFound("stems");
        if (StudioProvider.PlanOf(track)?.EngineVersion != Plan.CurrentEngine
            && await files.FindAsync(track, FileSpec.Stems, http.RequestAborted) is null)
            throw Problem.Of(409, "stems-not-available",
                "This track was made by an earlier version of the studio; its stems cannot be made any more.");
        return new StoredFileResult(
            await files.GetAsync(track, FileSpec.Stems, viewer, http.RequestAborted), $"{track.Title} - stems")
        { IsAttachment = true };
    }

    private static bool TakesOnlyPng(HttpRequest request)
    {
        var accept = request.Headers.Accept.ToString();
        return accept.Contains("image/png", StringComparison.OrdinalIgnoreCase)
            && !accept.Contains("webp", StringComparison.OrdinalIgnoreCase)
            && !accept.Contains("*/*", StringComparison.Ordinal) && !accept.Contains("image/*", StringComparison.OrdinalIgnoreCase);
    }
}
