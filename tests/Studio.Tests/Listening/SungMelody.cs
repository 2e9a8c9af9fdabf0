using Son1kVers3.Studio.Listening;

namespace Son1kVers3.Studio.Tests.Listening;

/// <summary>Melodies sung with a singer's vibrato, of which the right notes are known.</summary>
internal static class SungMelody
{
    public const int SampleRate = 16000;

    private const double Length = 0.5;
    private const double Gap = 0.06;

    // A thousand songs are sung.
    private static readonly double[] Weights = [0, .. Enumerable.Range(1, 16).Select(partial => Math.Pow(partial, -1.3))];

    /// <summary>Steps, leaps, repeated notes, chromatic neighbours, a low and a high voice.</summary>
    public static readonly int[][] Melodies =
    [
        [60, 64, 67, 64, 62, 60], [57, 59, 60, 62, 60, 57], [65, 65, 67, 69, 69, 65], [60, 61, 62, 61, 60, 59], [48, 50, 52, 48, 43, 48],
        [72, 74, 76, 74, 79, 72],
    ];

    /// <summary>The notes as they are sung: half a second each, a breath between them.</summary>
    public static IReadOnlyList<MelodyNoteEstimate> NotesOf(int[] pitches) =>
        [.. pitches.Select((pitch, i) => new MelodyNoteEstimate(0.2 + (i * (Length + Gap)), Length, pitch, 1))];

    /// <param name="rate">Swings a second.</param>
    /// <param name="cents">To either side.</param>
    /// <param name="onset">Seconds of even tone before it begins.</param>
    /// <param name="partials">1 for a whistle.</param>
    public static float[] Sing(IReadOnlyList<MelodyNoteEstimate> notes, double rate, double cents, double onset, int partials = 7)
    {
        var samples = new float[(int)((notes[^1].StartSeconds + notes[^1].DurationSeconds + 0.4) * SampleRate)];
        foreach (var note in notes)
        {
            var phase = 0.0;
            var count = (int)(note.DurationSeconds * SampleRate);
            for (var i = 0; i < count; i++)
            {
                var t = i / (double)SampleRate;
                var swing = t < onset ? 0 : cents / 100 * Math.Sin(2 * Math.PI * rate * (t - onset));
                phase += 440 * Math.Pow(2, (note.Pitch + swing - 69) / 12) / SampleRate;
                var envelope = Math.Min(1, Math.Min(t / 0.04, (note.DurationSeconds - t) / 0.06));
                samples[(int)(note.StartSeconds * SampleRate) + i] = (float)(0.2 * envelope * Tone(phase, partials));
            }
        }

        return samples;
    }

    /// <summary>Harmonic mean of precision and recall: pitch right and start within 60 ms.</summary>
    public static double F1(IReadOnlyList<MelodyNoteEstimate> notes, float[] samples) =>
        Hum.F1(notes, Transcriber.Transcribe(samples, CancellationToken.None).Notes);

    private static double Tone(double phase, int partials)
    {
        var sum = 0.0;
        for (var partial = 1; partial <= partials; partial++)
        {
            sum += Math.Sin(2 * Math.PI * phase * partial) * Weights[partial];
        }

        return sum;
    }
}
