using System.Globalization;
using System.Text.RegularExpressions;
using Son1kVers3.Studio.Programs;

namespace Son1kVers3.Studio.Listening;

/// <param name="IntegratedLufs">Programme loudness.</param>
/// <param name="TruePeakDbtp">The highest peak between samples.</param>
/// <param name="RangeLu">Loudness range.</param>
public sealed record LoudnessReport(double IntegratedLufs, double TruePeakDbtp, double RangeLu);

/// <summary>Measures a file with ffmpeg's ebur128: a second opinion, independent of the meter that masters.</summary>
public sealed partial class LoudnessMeter(StudioTools tools)
{
    private readonly Ffmpeg ffmpeg = new(tools.Ffmpeg);

    /// <exception cref="ToolException">The file can't be decoded.</exception>
    public async Task<LoudnessReport> MeasureAsync(string path, CancellationToken ct)
    {
        string[] arguments = [.. Ffmpeg.SafeInput, "-i", ProgramCall.Input, "-map", "0:a:0", "-af", "ebur128=framelog=verbose:peak=true",
            "-f", "null", "-"];
        var text = await ffmpeg.RunAsync(new FfmpegCall(arguments) { Reads = path }, ct);
        var summary = text[Math.Max(0, text.LastIndexOf("Summary:", StringComparison.Ordinal))..];
        return new LoudnessReport(Number(Integrated().Match(summary)), Number(Peak().Match(summary)), Number(Range().Match(summary)));
    }

    private static double Number(Match match) => !match.Success
        ? throw new InvalidDataException("ffmpeg told no loudness.")
        : match.Groups[1].Value == "-inf" ? double.NegativeInfinity : double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"I:\s+(-?[\d.]+|-inf) LUFS")]
    private static partial Regex Integrated();

    [GeneratedRegex(@"Peak:\s+(-?[\d.]+|-inf) dBFS")]
    private static partial Regex Peak();

    [GeneratedRegex(@"LRA:\s+(-?[\d.]+|-inf) LU")]
    private static partial Regex Range();
}
