using System.Text.Json.Serialization;

namespace Son1kVers3.Studio.Listening;

/// <summary>What is heard in a finished recording, from the audio alone. Round-trips through System.Text.Json.</summary>
public sealed record TrackAnalysis
{
    /// <summary>What counts as silence, LUFS: the absolute gate of ITU-R BS.1770-4. No loudness below is told.</summary>
    public const double Silence = -70;

    public required double DurationSeconds { get; init; }

    /// <summary>Programme loudness.</summary>
    public required double LoudnessLufs { get; init; }

    /// <summary>Loudness range as EBU Tech 3342 defines it, LU: from the quiet to the loud passages.</summary>
    public required double LoudnessRangeLu { get; init; }

    /// <summary>Beats a minute; its half or double may be meant.</summary>
    public required double Tempo { get; init; }

    /// <summary>How regular the beat is, 0–1.</summary>
    public required double TempoConfidence { get; init; }

    /// <summary>As in "A minor".</summary>
    public required string Key { get; init; }

    /// <summary>How far ahead of the next best unrelated key, 0–1.</summary>
    public required double KeyConfidence { get; init; }

    /// <summary>Spectral centroid, Hz: the higher the brighter.</summary>
    public required double BrightnessHertz { get; init; }

    /// <summary>Share of the energy below 120 Hz, 0–1.</summary>
    public required double LowShare { get; init; }

    /// <summary>Share of the energy that the two channels do not have in common: 0 is mono, 0.5 two unrelated channels.</summary>
    public required double StereoWidth { get; init; }

    /// <summary>Attacks a second.</summary>
    public required double OnsetsPerSecond { get; init; }

    /// <summary>Section by section.</summary>
    public required IReadOnlyList<HeardSection> Sections { get; init; }

    /// <summary>How much louder choruses are than verses, LU; null when the form lacks one of them.</summary>
    [JsonIgnore]
    public double? ChorusGainLu => LevelOf("chorus") - LevelOf("verse");

    // By energy, so that a long verse counts for more than a short one.
    private double? LevelOf(string section)
    {
        var same = Sections.Where(s => s.Section == section).ToList();
        var seconds = same.Sum(s => s.EndSeconds - s.StartSeconds);
        return seconds <= 0 ? null
            : 10 * Math.Log10(same.Sum(s => Math.Pow(10, s.LoudnessLufs / 10) * (s.EndSeconds - s.StartSeconds)) / seconds);
    }
}

/// <summary>Where a section of the form begins.</summary>
/// <param name="Section">As in a plan: <c>verse</c>, <c>chorus</c> …</param>
public sealed record SectionStart(string Section, double StartSeconds);

/// <summary>A section as it sounds.</summary>
/// <param name="LoudnessLufs">Average of its momentary loudness, without gates.</param>
/// <param name="OnsetsPerSecond">Attacks a second.</param>
public sealed record HeardSection(string Section, double StartSeconds, double EndSeconds, double LoudnessLufs, double OnsetsPerSecond);
