using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Son1kVers3.Generation.Files;
using Son1kVers3.Generation.Tracks;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Generation.Media;

/// <summary>
/// Addresses that a browser's media element can use: signed for a viewer, a generation, a kind and a format, valid for an hour.
/// </summary>
internal sealed class MediaUrls
{
    private const int ShortestKey = 32;
    private static readonly TimeSpan Validity = TimeSpan.FromHours(1);
    private static readonly FileFormat[] AudioFormats = [FileFormat.Mp3, FileFormat.Opus, FileFormat.Flac, FileFormat.Wav];
    private readonly byte[] _key;
    private readonly TimeProvider _clock;

    public MediaUrls(IConfiguration configuration, TimeProvider clock)
    {
        _clock = clock;
        var text = configuration["Media:SigningKey"]
            ?? throw new InvalidOperationException("Media:SigningKey is missing: base64 of at least 32 random bytes.");
        _key = Convert.FromBase64String(text);
        if (_key.Length < ShortestKey)
            throw new InvalidOperationException($"Media:SigningKey is too short: base64 of at least {ShortestKey} random bytes.");
    }

    /// <summary>What can be fetched of a track; nothing of a hidden one.</summary>
    public IReadOnlyList<FileView> For(Track track, IReadOnlyList<TrackFile> files, Viewer viewer)
    {
        var preview = files.Any(f => f.Kind == FileKind.Preview) && track.Status is not (TrackStatus.Failed or TrackStatus.Cancelled);
        if (viewer.UserId is not { } user || (track.HiddenAt is not null && !viewer.IsOperator))
            return [];
        List<FileView> views = preview ? [View(FileSpec.Preview)] : [];
        if (track.Status != TrackStatus.Completed)
            return views;
        views.InsertRange(0, AudioFormats.Select(format => View(new FileSpec(FileKind.Audio, format))));
        views.Add(View(new FileSpec(FileKind.Waveform, FileFormat.Json)));
        views.Add(View(new FileSpec(FileKind.Cover, FileFormat.WebP)));
        views.AddRange(files.Where(f => f.Kind is FileKind.Midi or FileKind.Score or FileKind.Lyrics).Select(f => View(f.Spec)));
        return views;

        FileView View(FileSpec spec) => new(
            Word(spec.Kind), spec.Extension, files.FirstOrDefault(f => f.Kind == spec.Kind && f.Format == spec.Format)?.Bytes, Sign(
                track.Id, spec, user));
    }

    /// <summary>An address of one file for one member.</summary>
    public string Sign(Guid track, FileSpec spec, Guid viewer) =>
        Sign(track, $"/api/generations/{track}/{Word(spec.Kind)}", Word(spec.Kind), spec.Extension, viewer);

    /// <summary>When an address that is signed now stops working.</summary>
    public DateTimeOffset ValidUntil => _clock.GetUtcNow() + Validity;

    /// <summary>The viewer that a request's signature names; null without a signature.</summary>
    /// <exception cref="ProblemException">401: altered, or its hour is over.</exception>
    public Guid? ViewerOf(HttpRequest request, Guid track, string kind, string format)
    {
        var query = request.Query;
        if (query["sig"] is not [{ } signature, ..])
            return null;
        if (!Guid.TryParse(query["viewer"], out var viewer)
            || !long.TryParse(query["expires"], NumberStyles.None, CultureInfo.InvariantCulture, out var expires)
            || !CryptographicOperations.FixedTimeEquals(
                Encoding.ASCII.GetBytes(signature), Encoding.ASCII.GetBytes(Signature(track, kind, format, viewer, expires))))
            throw Problem.Of(401, "invalid-signature", "This address was altered; take a fresh one from the generation's files.");
        if (expires < _clock.GetUtcNow().ToUnixTimeSeconds())
            throw Problem.Of(401, "url-expired", "This address was valid for an hour; take a fresh one from the generation's files.");
        return viewer;
    }

    /// <summary>An address of anything that belongs to one member.</summary>
    /// <param name="kind">What it is; the last part of a path.</param>
    public string Sign(Guid id, string path, string kind, string format, Guid viewer)
    {
        var expires = ValidUntil.ToUnixTimeSeconds();
        return $"{path}?format={format}&viewer={viewer}&expires={expires}&sig={Signature(id, kind, format, viewer, expires)}";
    }

    private string Signature(Guid id, string kind, string format, Guid viewer, long expires) => Base64Url.EncodeToString(
        HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{id:N}|{kind}|{format}|{viewer:N}|{expires}")));

    private static string Word(FileKind kind) => kind.ToString().ToLowerInvariant();
}

/// <param name="Bytes">Null while the format has not been asked for: it is made on the first request.</param>
/// <param name="Url">Signed; valid for an hour.</param>
internal sealed record FileView(string Kind, string Format, long? Bytes, string Url);
