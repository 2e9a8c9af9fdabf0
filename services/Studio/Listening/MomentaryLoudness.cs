using Son1kVers3.Studio.Mastering;

namespace Son1kVers3.Studio.Listening;

/// <summary>A recording's momentary loudness over time, to be asked for spans of it.</summary>
/// <param name="Lufs">A value every 100 ms, each of the 400 ms that begin there.</param>
internal sealed record MomentaryLoudness(IReadOnlyList<double> Lufs)
{
    private const double StepSeconds = 0.1;
    private const double CentreSeconds = 0.2;

    /// <summary>Of what the meter has heard.</summary>
    public static MomentaryLoudness Of(IntegratedLoudness meter) => new(meter.Momentary());

    /// <summary>The mean power of all windows whose middle is held, as LUFS; −90 when there is none.</summary>
    public double Level(Func<double, bool> holds) => Mean(Lufs.Where((_, i) => holds(i * StepSeconds + CentreSeconds)));

    /// <summary>The mean power of loudness values, as LUFS; −90 when there is none.</summary>
    public static double Mean(IEnumerable<double> lufs) => 10 * Math.Log10(lufs.Select(Power).DefaultIfEmpty(1e-9).Average());

    public static double Power(double lufs) => Math.Pow(10, lufs / 10);
}
