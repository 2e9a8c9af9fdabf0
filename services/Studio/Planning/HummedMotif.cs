using Son1kVers3.Studio.Scores;

namespace Son1kVers3.Studio.Planning;

/// <summary>Makes a motif of a hummed melody.</summary>
internal static class HummedMotif
{
    private const double LeastConfidence = 0.25;

    // Krumhansl and Kessler's key profiles (1982).
    private static readonly double[] MajorProfile = [6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88];
    private static readonly double[] MinorProfile = [6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17];

    /// <summary>
    /// The first four bars of the melody on the grid of the piece, in degrees of its key; null when nothing usable was hummed.
    /// </summary>
    public static Motif? From(IReadOnlyList<MelodyNote> melody, Key key, TimeSignature meter, int tempo)
    {
        var notes = melody.Where(Usable).OrderBy(note => note.StartSeconds).ToList();
        if (notes.Count == 0)
        {
            return null;
        }

        var stepsPerSecond = tempo / 60.0 * meter.StepsPerBeat;
        var phrase = 2 * meter.StepsPerBar;
        var tonic = Tonic(notes, key);
        var steps = notes
            .Select(note =>
                (Step: Round((note.StartSeconds - notes[0].StartSeconds) * stepsPerSecond),
                    Length: Math.Max(1, Round(note.DurationSeconds * stepsPerSecond)), note.Pitch))
            .DistinctBy(note => note.Step)
            .ToList();
        var statement = steps.Where(note => note.Step < phrase).Select(note => Degree(note.Step, note.Length, note.Pitch - tonic, key))
            .ToList();
        var answer = steps.Where(note => note.Step >= phrase && note.Step < 2 * phrase)
            .Select(note => Degree(note.Step - phrase, note.Length, note.Pitch - tonic, key)).ToList();
        return new Motif(Held(statement, phrase), Held(answer.Count > 1 ? answer : Closed(statement), phrase), FromTonic: true);
    }

    /// <summary>The key whose profile the hummed pitches fit best; null without a melody.</summary>
    public static Key? KeyOf(IReadOnlyList<MelodyNote>? melody, bool? minor)
    {
        if (melody is null || melody.Count(Usable) < 3)
        {
            return null;
        }

        var weights = new double[12];
        foreach (var note in melody.Where(Usable))
        {
            weights[((note.Pitch % 12) + 12) % 12] += note.DurationSeconds;
        }

        return Enumerable.Range(0, 24)
            .Select(i => Key.Of(i % 12, i >= 12))
            .Where(key => minor is null || key.Minor == minor)
            .MaxBy(key => Fit(weights, key));
    }

    private static bool Usable(MelodyNote note) =>
        note.Confidence >= LeastConfidence && note.Pitch is > 20 and < 110 && note.DurationSeconds > 0;

    private static double Fit(double[] weights, Key key)
    {
        var profile = key.Minor ? MinorProfile : MajorProfile;
        var sum = 0.0;
        for (var i = 0; i < 12; i++)
        {
            sum += weights[(key.Tonic + i) % 12] * profile[i];
        }

        return sum;
    }

    private static int Tonic(List<MelodyNote> notes, Key key)
    {
        var middle = notes.Sum(note => note.Pitch) / notes.Count;
        var below = middle - ((((middle - key.Tonic) % 12) + 12) % 12);
        return middle - below > 8 ? below + 12 : below;
    }

    private static MotifNote Degree(int step, int length, int semitones, Key key)
    {
        var octave = (int)Math.Floor(semitones / 12.0);
        var within = semitones - (12 * octave);
        var degree = 0;
        for (var i = 0; i < 7; i++)
        {
            degree = key.Steps[i] <= within ? i : degree;
        }

        return new MotifNote(step, length, degree + (7 * octave), within - key.Steps[degree]);
    }

    // Notes end where the next begins.
    private static List<MotifNote> Held(IReadOnlyList<MotifNote> notes, int phrase) =>
        [.. notes.Select((note, i) =>
            note with { Length = Math.Min(note.Length, (i + 1 < notes.Count ? notes[i + 1].Step : phrase) - note.Step) })];

    private static IReadOnlyList<MotifNote> Closed(IReadOnlyList<MotifNote> statement) =>
        statement.Count == 0 ? statement : [.. statement.Take(statement.Count - 1), statement[^1] with { Degree = 0, Alter = 0 }];

    private static int Round(double value) => (int)Math.Floor(value + 0.5);
}
