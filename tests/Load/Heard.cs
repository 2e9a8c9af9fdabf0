using System.Globalization;
using Son1kVers3.Studio.Listening;
using Son1kVers3.Studio.Planning;

namespace Son1kVers3.Load;

/// <summary>A track that was listened to.</summary>
/// <param name="Side">Share of the energy that differs left and right.</param>
/// <param name="Speed">Seconds of audio a second.</param>
/// <param name="StemError">What the stems lack of the mix, dB; null when it was not looked at.</param>
internal sealed record Heard(string Prompt, int Seed, Plan Plan, TrackMeasures Measures, double Side, double Speed, Fingerprint Print, double? StemError)
{
    public const string Head = """
        | prompt | seed | genre | LUFS | dBTP | s | gap s | bpm → found | key → found | chorus LU | × dense | side % | alike | stems dB | × real |
        |---|--:|---|--:|--:|--:|--:|---|---|--:|--:|--:|--:|--:|--:|
        """;

    /// <summary>Similarity to the most alike of the prompt's seeds before it; null for the first.</summary>
    public double? Likeness { get; init; }

    /// <summary>Neither narrow nor hollow in mono.</summary>
    public bool SideHolds => Side is >= 0.05 and <= 0.35;

    /// <summary>A row of the table; an exclamation mark where a measure does not hold.</summary>
    public string Line() => string.Create(
        CultureInfo.InvariantCulture,
        $"| {Prompt} | {Seed} | {Plan.Genre} | {Measures.IntegratedLufs:0.0}{Flag(Measures.LoudnessHolds)} | {Measures.TruePeakDbtp:0.0} | {Measures.DurationSeconds:0.0} | {Measures.LongestSilenceSeconds:0.0} | {Plan.Tempo} → {Measures.TempoFound:0.0}{Flag(Measures.TempoHolds)} | {Plan.Key} → {Measures.KeyFound.Name}{Flag(Measures.KeyFits)} | {Measures.ChorusGainLu:+0.0;-0.0}{Flag(Measures.ContrastHolds)} | {Measures.ChorusDensityRatio:0.00} | {100 * Side:0}{Flag(SideHolds)} | {Likeness:0.00}{Flag(Likeness is null or < 0.75)} | {StemError:0} | {Speed:0.0} |");

    private static string Flag(bool holds) => holds ? "" : " !";
}
