using Son1kVers3.Studio.Listening;

namespace Son1kVers3.Studio.Tests.Listening;

/// <summary>Synthetic humming: a glottal buzz with vibrato, drift and breath, so that the right notes are known.</summary>
internal static class Hum
{
    public const int SampleRate = 22050;

    /// <summary>A tune of 24 notes, the same pitch twice in places, between 0.2 and 0.7 s.</summary>
    public static IReadOnlyList<MelodyNoteEstimate> Tune(int seed)
    {
        int[] steps = [0, 2, 4, 4, 5, 7, 7, 4, 2, 0, -3, 0, 2, 4, 2, 0, 5, 9, 7, 5, 4, 2, 2, 0];
        var random = new Random(seed);
        var notes = new List<MelodyNoteEstimate>();
        var time = 0.4;
        foreach (var step in steps)
        {
            var length = 0.25 * (1 + random.Next(3)) - 0.02;
            notes.Add(new MelodyNoteEstimate(time, length, 57 + step, 1));
            time += length + 0.02;
        }

        return notes;
    }

    /// <param name="gap">Silence between notes, seconds; 0 is legato, where equal notes are told apart by a soft dip alone.</param>
    /// <param name="noise">Level of the noise in dB below the voice.</param>
    /// <param name="cents">How far the singer is from concert pitch.</param>
    public static float[] Sing(IReadOnlyList<MelodyNoteEstimate> notes, double gap, double noise, double cents, int seed)
    {
        var random = new Random(seed);
        var samples = new float[(int)((notes[^1].StartSeconds + notes[^1].DurationSeconds + 0.5) * SampleRate)];
        var (phase, pitch) = (0.0, (double)notes[0].Pitch);
        for (var n = 0; n < notes.Count; n++)
        {
            var note = notes[n];
            var end = (n + 1 < notes.Count ? notes[n + 1].StartSeconds : note.StartSeconds + note.DurationSeconds) - gap;
            for (var i = (int)(note.StartSeconds * SampleRate); i < (int)(end * SampleRate); i++)
            {
                var t = i / (double)SampleRate - note.StartSeconds;
                // A voice slides for some 30 ms and shakes by 25 cents at 5 Hz.
                pitch += (note.Pitch - pitch) * (1 - Math.Exp(-1 / (0.012 * SampleRate)));
                phase += 440 * Math.Pow(2,
                    (pitch + cents / 100 + 0.25 * Math.Sin(2 * Math.PI * 5 * t) * Math.Min(1, t * 3) - 69) / 12) / SampleRate;
                var envelope = Math.Min(1, 0.12 + t / 0.04) * Math.Min(1, 0.12 + (end - note.StartSeconds - t) / 0.04);
                samples[i] = (float)(0.25 * envelope * Buzz(phase));
            }
        }

        var hiss = 0.25 * Math.Pow(10, -noise / 20);
        for (var i = 0; i < samples.Length; i++)
        {
            samples[i] += (float)(hiss * (random.NextDouble() * 2 - 1));
        }

        return samples;
    }

    /// <summary>16 bit mono WAV.</summary>
    public static void Write(string path, ReadOnlySpan<float> samples)
    {
        using var writer = new BinaryWriter(File.Create(path));
        writer.Write("RIFF"u8);
        writer.Write(36 + samples.Length * 2);
        writer.Write("WAVEfmt "u8);
        writer.Write(16);
        writer.Write((short)1);
        writer.Write((short)1);
        writer.Write(SampleRate);
        writer.Write(SampleRate * 2);
        writer.Write((short)2);
        writer.Write((short)16);
        writer.Write("data"u8);
        writer.Write(samples.Length * 2);
        foreach (var sample in samples)
        {
            writer.Write((short)(Math.Clamp(sample, -1, 1) * 32767));
        }
    }

    /// <summary>Harmonic mean of precision and recall; a note counts when its pitch is right and its start within 60 ms.</summary>
    public static double F1(IReadOnlyList<MelodyNoteEstimate> expected, IReadOnlyList<MelodyNoteEstimate> found)
    {
        var left = found.ToList();
        var hits = 0;
        foreach (var note in expected)
        {
            var match = left.FindIndex(other => other.Pitch == note.Pitch && Math.Abs(other.StartSeconds - note.StartSeconds) <= 0.06);
            if (match >= 0)
            {
                left.RemoveAt(match);
                hits++;
            }
        }

        return 2.0 * hits / (expected.Count + found.Count);
    }

    private static double Buzz(double phase)
    {
        var sum = 0.0;
        for (var harmonic = 1; harmonic <= 8; harmonic++)
        {
            sum += Math.Sin(2 * Math.PI * phase * harmonic) / (harmonic * Math.Sqrt(harmonic));
        }

        return sum;
    }
}
