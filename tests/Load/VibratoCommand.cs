using System.Globalization;
using Son1kVers3.Studio.Tests.Listening;

namespace Son1kVers3.Load;

/// <summary>
/// Sings six melodies with a vibrato of 4.5–7 Hz and ±30–100 cents that begins after 0–0.3 s, and prints the note F1 of what is heard: a
/// Markdown table with a line a rate
/// and onset, a column a width, each the mean of the melodies; then the mean of all and how many of the songs are below 0.95.
/// </summary>
internal static class VibratoCommand
{
    private const double Goal = 0.95;

    private static readonly double[] Rates = [4.5, 5, 5.5, 6, 6.5, 7];
    private static readonly double[] Widths = [30, 40, 50, 60, 70, 80, 90, 100];
    private static readonly double[] Onsets = [0, 0.1, 0.2, 0.3];

    public static Task RunAsync(string[] args)
    {
        Console.WriteLine("| Hz | after s | " + string.Join(" | ", Widths.Select(width => $"±{width:0}")) + " |");
        Console.WriteLine("|---|---|" + string.Concat(Enumerable.Repeat("---|", Widths.Length)));
        var all = new List<double>();
        foreach (var rate in Rates)
        {
            foreach (var onset in Onsets)
            {
                var line = Widths.Select(width => SungMelody.Melodies.Select(melody => F1(melody, rate, width, onset)).ToList()).ToList();
                all.AddRange(line.SelectMany(cell => cell));
                var cells = line.Select(cell => cell.Average().ToString("0.00", CultureInfo.InvariantCulture));
                Console.WriteLine(FormattableString.Invariant($"| {rate:0.0} | {onset:0.0} | {string.Join(" | ", cells)} |"));
            }
        }

        var below = all.Count(f1 => f1 < Goal);
        Console.WriteLine(FormattableString.Invariant($"\nmean {all.Average():0.000}; {below} of {all.Count} songs below {Goal}"));
        Environment.ExitCode = all.Average() >= Goal ? 0 : 1;
        return Task.CompletedTask;
    }

    private static double F1(int[] melody, double rate, double cents, double onset)
    {
        var notes = SungMelody.NotesOf(melody);
        return SungMelody.F1(notes, SungMelody.Sing(notes, rate, cents, onset));
    }
}
