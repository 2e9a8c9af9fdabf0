using Son1kVers3.Studio.Scores;

namespace Son1kVers3.Studio.Listening;

/// <summary>What can be told about a finished track without ears, beside what was asked for.</summary>
/// <param name="LongestSilenceSeconds">Longest stretch under −60 dBFS before the last note has faded.</param>
/// <param name="ClippedSamples">Samples at full scale.</param>
/// <param name="TempoFound">Beats a minute by onset autocorrelation.</param>
/// <param name="TempoDeviation">Relative distance to the asked tempo, its half or its double, whichever is nearest; 0.01 is 1%.</param>
/// <param name="KeyFits">The key found is the asked one or its relative.</param>
/// <param name="ChorusGainLu">How much louder choruses are than verses; null when the form lacks one of them.</param>
/// <param name="ChorusDensityRatio">Notes a second in choruses against verses; null like <paramref name="ChorusGainLu"/>.</param>
public sealed record TrackMeasures(
    double IntegratedLufs,
    double TruePeakDbtp,
    double DurationSeconds,
    double LongestSilenceSeconds,
    int ClippedSamples,
    double TempoFound,
    double TempoDeviation,
    KeyEstimate KeyFound,
    bool KeyFits,
    double? ChorusGainLu,
    double? ChorusDensityRatio)
{
    public bool LoudnessHolds => IntegratedLufs is >= -15 and <= -13 && TruePeakDbtp <= -1 && ClippedSamples == 0;

    public bool TempoHolds => TempoDeviation <= 0.015;

    /// <summary>No section to compare, or the chorus is both louder and denser.</summary>
    public bool ContrastHolds => ChorusGainLu is null or > 0 && ChorusDensityRatio is null or > 1;
}

/// <summary>What was asked of a track, to measure it against.</summary>
/// <param name="Score">The score it was rendered from.</param>
/// <param name="Tempo">Beats a minute.</param>
/// <param name="StartOffsetSeconds">Seconds of the score that the recording leaves out at its start.</param>
public sealed record TrackExpectation(Score Score, double Tempo, double StartOffsetSeconds);
