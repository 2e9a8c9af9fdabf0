using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Son1kVers3.Generation.Data;

namespace Son1kVers3.Generation.Files;

/// <summary>What a stored file of a track is.</summary>
internal enum FileKind
{
    /// <summary>Lossless, everything audible is made of it.</summary>
    Master,

    /// <summary>The one compressed file that stays of an archived track.</summary>
    Archive,
    Audio,
    Preview,
    Midi,
    Score,
    Lyrics,
    Waveform,
    Cover,
    Analysis,
    Stems,
}

/// <summary>In which format; the names are the file extensions.</summary>
internal enum FileFormat
{
    Mp3,
    Opus,
    Flac,
    Wav,
    Mid,
    MusicXml,
    Json,
    Png,
    WebP,
    Zip,
}

/// <summary>One of the files that a track can have.</summary>
/// <param name="Variant">What tells files of one kind and format apart: a waveform's points, a cover's width; else 0.</param>
internal readonly record struct FileSpec(FileKind Kind, FileFormat Format, int Variant = 0)
{
    public static readonly FileSpec Master = new(FileKind.Master, FileFormat.Flac);
    public static readonly FileSpec Mp3 = new(FileKind.Audio, FileFormat.Mp3);
    public static readonly FileSpec Preview = new(FileKind.Preview, FileFormat.Mp3);
    public static readonly FileSpec Midi = new(FileKind.Midi, FileFormat.Mid);
    public static readonly FileSpec Score = new(FileKind.Score, FileFormat.MusicXml);
    public static readonly FileSpec Lyrics = new(FileKind.Lyrics, FileFormat.Json);
    public static readonly FileSpec Analysis = new(FileKind.Analysis, FileFormat.Json);
    public static readonly FileSpec Stems = new(FileKind.Stems, FileFormat.Zip);

    /// <summary>The extension, without a dot.</summary>
    public string Extension => Format.ToString().ToLowerInvariant();

    /// <summary>Its media type.</summary>
    public string MediaType => Format switch
    {
        FileFormat.Mp3 => "audio/mpeg",
        FileFormat.Opus => "audio/ogg",
        FileFormat.Flac => "audio/flac",
        FileFormat.Wav => "audio/wav",
        FileFormat.Mid => "audio/midi",
        FileFormat.MusicXml => "application/vnd.recordare.musicxml+xml",
        FileFormat.Json => "application/json",
        FileFormat.Png => "image/png",
        FileFormat.WebP => "image/webp",
        _ => "application/zip",
    };

    /// <summary>Whether the track's title stands in it: then it is made again after a rename.</summary>
    public bool HoldsTitle => Kind is FileKind.Audio or FileKind.Midi or FileKind.Score;

    /// <summary>As in <c>audio.mp3</c>, <c>waveform-1000.json</c>.</summary>
    public override string ToString() => $"{Kind.ToString().ToLowerInvariant()}{(Variant == 0 ? "" : $"-{Variant}")}.{Extension}";
}

/// <summary>A stored file of a track.</summary>
internal sealed class TrackFile
{
    public Guid TrackId { get; init; }
    public FileKind Kind { get; init; }
    public FileFormat Format { get; init; }
    public int Variant { get; init; }

    /// <summary>Where the store has it.</summary>
    public required string Key { get; init; }
    public long Bytes { get; init; }

    /// <summary>SHA-256, lower-case hex.</summary>
    public required string Checksum { get; init; }

    /// <summary>The title that stands in it; null where none does.</summary>
    public string? Title { get; init; }

    /// <summary>Whole seconds, and later for each file that takes the place of another: what HTTP compares dates by.</summary>
    public DateTimeOffset StoredAt { get; set; }

    public FileSpec Spec => new(Kind, Format, Variant);

    /// <summary>A file as the store took it in.</summary>
    public static TrackFile Of(Guid track, FileSpec spec, string key, StoredFile stored, string? title, DateTimeOffset now) => new()
    {
        TrackId = track,
        Kind = spec.Kind,
        Format = spec.Format,
        Variant = spec.Variant,
        Key = key,
        Bytes = stored.Bytes,
        Checksum = stored.Checksum,
        Title = spec.HoldsTitle ? title : null,
        StoredAt = WholeSeconds(now),
    };

    /// <summary>What HTTP's dates can say of a time.</summary>
    internal static DateTimeOffset WholeSeconds(DateTimeOffset time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerSecond));
}

internal sealed class TrackFileTable : IEntityTypeConfiguration<TrackFile>
{
    public void Configure(EntityTypeBuilder<TrackFile> table)
    {
        table.ToTable("track_files").HasKey(f => new { f.TrackId, f.Kind, f.Format, f.Variant });
        table.Ignore(f => f.Spec);
    }
}

internal static class TrackFileSets
{
    extension(GenerationDb db)
    {
        public DbSet<TrackFile> TrackFiles => db.Set<TrackFile>();
    }
}
