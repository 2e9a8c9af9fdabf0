using Son1kVers3.Generation.Files;
using Son1kVers3.Generation.Tracks;
using Son1kVers3.ServiceDefaults.OpenApi;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Generation.Media;

/// <summary>The bytes of a track.</summary>
internal static class AudioEndpoints
{
    private static readonly Dictionary<string, FileFormat> Formats = new()
    {
        ["mp3"] = FileFormat.Mp3,
        ["opus"] = FileFormat.Opus,
        ["flac"] = FileFormat.Flac,
        ["wav"] = FileFormat.Wav,
    };

    /// <summary>Maps <c>audio</c> and <c>preview</c> of a generation.</summary>
    public static IEndpointRouteBuilder MapAudio(this IEndpointRouteBuilder app)
    {
        var media = app.MapGroup("/api/generations/{id:guid}").WithTags("Media");
        media.MapFile("/audio", GetAudioAsync).Sends<Stream>("audio/mpeg", "audio/ogg", "audio/flac", "audio/wav").Refuses(400);
        media.MapFile("/preview", GetPreviewAsync).Sends<Stream>("audio/mpeg");
        return app;
    }

    [EndpointName("GetAudio"), EndpointSummary("The track as mp3 (default), opus, flac or wav")]
    [EndpointDescription(
        "Range requests and ETag. What everybody may hear needs no sign-in; private tracks their owner's token, or a signed address. "
        + "503 with Retry-After while a format is being made.")]
    private static async Task<StoredFileResult> GetAudioAsync(
        Guid id, string? format, HttpContext http, MediaAccess access, DerivedFiles files, Plays plays)
    {
        format = string.IsNullOrEmpty(format) ? "mp3" : format.ToLowerInvariant();
        var (track, viewer) = await access.RequireFinishedAsync(http, id, "audio", format);
        if (!Formats.TryGetValue(format, out var wanted))
            throw Problem.Invalid("format", "One of mp3, opus, flac, wav.");
        var file = await files.GetAsync(track, new FileSpec(FileKind.Audio, wanted), viewer, http.RequestAborted);
        await plays.NoteAsync(track);
        return new StoredFileResult(file, track.Title) { IsPublic = track.IsOpen() };
    }

    [EndpointName("GetPreview"), EndpointSummary("The first ten seconds, before the master is done")]
    private static async Task<StoredFileResult> GetPreviewAsync(Guid id, HttpContext http, MediaAccess access, DerivedFiles files)
    {
        var (track, _) = await access.RequireAsync(http, id, "preview", "mp3");
        if (track.Status is TrackStatus.Failed or TrackStatus.Cancelled)
            throw Problem.NotFound("file");
        var file = await files.FindAsync(track, FileSpec.Preview, http.RequestAborted) ?? throw Problem.NotFound("preview");
        return new StoredFileResult(file, null) { IsPublic = track.IsOpen() };
    }
}
