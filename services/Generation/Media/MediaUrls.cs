using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Son1kVers3.Generation.Generations;
using Son1kVers3.Generation.Storage;

namespace Son1kVers3.Generation.Media;

/// <summary>Addresses that a browser's media element can use: signed for a viewer, a generation, a kind and a format, valid for an hour.</summary>
internal sealed class MediaUrls
{
    private const int ShortestKey = 32;
    private static readonly TimeSpan Validity = TimeSpan.FromHours(1);
    private static readonly string[] AudioFormats = ["mp3", "opus", "flac", "wav"];
    private readonly byte[] _key;
    private readonly TimeProvider _clock;

    public MediaUrls(IConfiguration configuration, TimeProvider clock)
    {
        _clock = clock;
        var text = configuration["Media:SigningKey"] ?? throw new InvalidOperationException("Media:SigningKey is missing: base64 of at least 32 random bytes.");
        _key = Convert.FromBase64String(text);
        if (_key.Length < ShortestKey)
            throw new InvalidOperationException($"Media:SigningKey is too short: base64 of at least {ShortestKey} random bytes.");
    }

    /// <summary>What can be fetched of a track.</summary>
    public IReadOnlyList<FileView> For(Track track, IReadOnlyList<TrackFile> files, Guid viewer)
    {
        FileView View(string kind, string format, string path) => new(
            kind, format, files.FirstOrDefault(f => f.Kind == kind && f.Format == format)?.Bytes, Sign(track.Id, path, format, viewer));

        var preview = files.Any(f => f.Kind == "preview") && track.Status is not (TrackStatus.Failed or TrackStatus.Cancelled);
        List<FileView> views = preview ? [View("preview", "mp3", "preview")] : [];
        if (track.Status != TrackStatus.Completed)
            return views;
        views.InsertRange(0, AudioFormats.Select(format => View("audio", format, "audio")));
        views.Add(View("waveform", "json", "waveform"));
        views.Add(View("cover", "png", "cover"));
        views.AddRange(files.Where(f => f.Kind is "midi" or "score" or "lyrics").Select(f => View(f.Kind, f.Format, f.Kind)));
        return views;
    }

    /// <summary>The viewer that a request's signature names; null without a signature.</summary>
    /// <exception cref="ServiceDefaults.Problems.ProblemException">401: altered, or its hour is over.</exception>
    public Guid? ViewerOf(HttpRequest request, Guid track, string kind, string format)
    {
        var query = request.Query;
        if (query["sig"] is not [{ } signature, ..])
            return null;
        if (!Guid.TryParse(query["viewer"], out var viewer) || !long.TryParse(query["expires"], NumberStyles.None, CultureInfo.InvariantCulture, out var expires)
            || !CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(signature), Encoding.ASCII.GetBytes(Signature(track, kind, format, viewer, expires))))
            throw ServiceDefaults.Problems.Problem.Of(401, "invalid-signature", "This address was altered; take a fresh one from the generation's files.");
        if (expires < _clock.GetUtcNow().ToUnixTimeSeconds())
            throw ServiceDefaults.Problems.Problem.Of(401, "url-expired", "This address was valid for an hour; take a fresh one from the generation's files.");
        return viewer;
    }

    private string Sign(Guid track, string kind, string format, Guid viewer)
    {
        var expires = (_clock.GetUtcNow() + Validity).ToUnixTimeSeconds();
        return $"/api/generations/{track}/{kind}?format={format}&viewer={viewer}&expires={expires}&sig={Signature(track, kind, format, viewer, expires)}";
    }

    private string Signature(Guid track, string kind, string format, Guid viewer, long expires) => Base64Url.EncodeToString(
        HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{track:N}|{kind}|{format}|{viewer:N}|{expires}")));
}
