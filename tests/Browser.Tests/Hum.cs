using Son1kVers3.Testing;

namespace Son1kVers3.Browser.Tests;

/// <summary>What Chromium's microphone hears in the tests: somebody hums a few notes, again and again.</summary>
internal static class Hum
{
    private const int Rate = 48_000;
    private const double NoteSeconds = 0.6;
    private static readonly double[] Notes = [220.00, 246.94, 261.63, 293.66, 261.63, 220.00];

    /// <summary>Writes it as a WAV file (16 bit, mono).</summary>
    public static void Write(string path) => File.WriteAllBytes(path, WaveFile.Of(Rate, [.. Notes.SelectMany(Note)]));

    private static IEnumerable<short> Note(double hertz)
    {
        var length = (int)(Rate * NoteSeconds);
        for (var n = 0; n < length; n++)
        {
            var phase = 2 * Math.PI * hertz * n / Rate;
            var voice = (Math.Sin(phase) + (0.5 * Math.Sin(2 * phase)) + (0.25 * Math.Sin(3 * phase))) / 1.75;
            var breath = Math.Sin(Math.PI * n / length);
            yield return (short)(voice * breath * short.MaxValue * 0.6);
        }
    }
}
