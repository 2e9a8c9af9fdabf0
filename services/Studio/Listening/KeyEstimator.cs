namespace Son1kVers3.Studio.Listening;

/// <param name="Tonic">Pitch class, 0 = C … 11 = B.</param>
/// <param name="Confidence">0–1: how far ahead of the next best unrelated key.</param>
public readonly record struct KeyEstimate(int Tonic, bool Minor, double Confidence)
{
    private static readonly string[] MajorNames = ["C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"];
    private static readonly string[] MinorNames = ["C", "C#", "D", "Eb", "E", "F", "F#", "G", "G#", "A", "Bb", "B"];

    /// <summary>As in "A minor", "Bb major".</summary>
    public string Name => Minor ? MinorNames[Tonic] + " minor" : MajorNames[Tonic] + " major";

    /// <summary>The same key or its relative, which has the same notes.</summary>
    public bool IsSameOrRelative(int tonic, bool minor) =>
        (Tonic == tonic && Minor == minor) || (Minor != minor && (Minor ? (Tonic + 3) % 12 == tonic : (Tonic + 9) % 12 == tonic));
}

/// <summary>Finds the key of a recording or a melody: its pitch classes correlated with Temperley's tone profiles (1999).</summary>
public static class KeyEstimator
{
    // Temperley's correction of Krumhansl and Kessler's: theirs often take a piece to be in its dominant (19 against 24 of 24 on our own
    // tracks).
    private static readonly double[] Major = [5, 2, 3.5, 2, 4.5, 4, 2, 4.5, 2, 3.5, 1.5, 4];
    private static readonly double[] Minor = [5, 2, 3.5, 4.5, 2, 4, 2, 4.5, 3.5, 2, 1.5, 4];

    private const int Size = 8192;
    private const int LowestMidi = 33;
    private const int HighestMidi = 88;

    public static KeyEstimate FromNotes(IEnumerable<MelodyNoteEstimate> notes)
    {
        var chroma = new double[12];
        foreach (var note in notes)
        {
            chroma[note.Pitch % 12] += note.DurationSeconds;
        }

        return FromChroma(chroma);
    }

    public static KeyEstimate FromAudio(ReadOnlySpan<float> samples, int sampleRate) => FromChroma(Chroma(samples, sampleRate));

    public static KeyEstimate FromChroma(IReadOnlyList<double> chroma)
    {
        var scores = Enumerable.Range(0, 24)
            .Select(i => (Tonic: i % 12, Minor: i >= 12, Score: Correlation(chroma, i < 12 ? Major : Minor, i % 12)))
            .OrderByDescending(key => key.Score)
            .ToList();
        var best = scores[0];
        var estimate = new KeyEstimate(best.Tonic, best.Minor, 0);
        var rival = scores.First(key => !estimate.IsSameOrRelative(key.Tonic, key.Minor));
        return estimate with { Confidence = Math.Clamp((best.Score - rival.Score) * 4, 0, 1) };
    }

    /// <summary>Strength of each pitch class over the recording.</summary>
    private static double[] Chroma(ReadOnlySpan<float> samples, int sampleRate)
    {
        var fourier = new Fourier(Size);
        var magnitudes = new float[Size / 2];
        var chroma = new double[12];
        var frame = new double[12];
        for (var start = 0; start + Size <= samples.Length; start += Size / 2)
        {
            fourier.Magnitudes(samples.Slice(start, Size), magnitudes);
            Array.Clear(frame);
            AddPeaks(magnitudes, sampleRate, frame);
            var total = frame.Sum();
            for (var i = 0; i < 12 && total > 0; i++)
            {
                // Each moment counts alike, loud or not: a key is in all of the piece.
                chroma[i] += frame[i] / total;
            }
        }

        return chroma;
    }

    // Only peaks of the spectrum near a note's frequency: drums and noise have few.
    private static void AddPeaks(float[] magnitudes, int sampleRate, double[] chroma)
    {
        for (var bin = 2; bin < magnitudes.Length - 2; bin++)
        {
            if (magnitudes[bin] <= magnitudes[bin - 1] || magnitudes[bin] < magnitudes[bin + 1])
            {
                continue;
            }

            var (a, b, c) = (magnitudes[bin - 1], magnitudes[bin], magnitudes[bin + 1]);
            var offset = 0.5 * (a - c) / (a - 2 * b + c);
            var midi = 69 + 12 * Math.Log2((bin + offset) * sampleRate / Size / 440.0);
            var note = (int)Math.Round(midi);
            if (note is >= LowestMidi and <= HighestMidi && Math.Abs(midi - note) < 0.35)
            {
                chroma[note % 12] += Math.Sqrt(b);
            }
        }
    }

    private static double Correlation(IReadOnlyList<double> chroma, double[] profile, int tonic)
    {
        var (meanX, meanY) = (chroma.Average(), profile.Average());
        double xy = 0, xx = 0, yy = 0;
        for (var i = 0; i < 12; i++)
        {
            var (x, y) = (chroma[(i + tonic) % 12] - meanX, profile[i] - meanY);
            xy += x * y;
            xx += x * x;
            yy += y * y;
        }

        return xx == 0 ? 0 : xy / Math.Sqrt(xx * yy);
    }
}
