using Son1kVers3.Studio.Programs;

namespace Son1kVers3.Studio.Listening;

/// <summary>Turns a voice memo into notes.</summary>
public sealed class Transcriber(StudioTools tools)
{
    /// <summary>Longest memo, seconds.</summary>
    public const double MaximumSeconds = 120;

    private readonly AudioReader reader = new(tools);

    /// <exception cref="AudioRejectedException">Not audio, empty, over <see cref="MaximumSeconds"/>, or without a melody.</exception>
    public async Task<Transcription> TranscribeAsync(string path, CancellationToken ct)
    {
        var samples = await reader.ReadUploadAsync(path, PitchTracker.SampleRate, MaximumSeconds, ct);
        return await Task.Run(() => Transcribe(samples, ct), ct);
    }

    /// <summary>What is sung in mono samples, 16,000 a second.</summary>
    /// <exception cref="AudioRejectedException">There is no melody in it.</exception>
    public static Transcription Transcribe(float[] samples, CancellationToken ct)
    {
        var notes = NoteSegmenter.Segment(PitchTracker.Track(samples, ct));
        if (notes.Count == 0)
        {
            throw new AudioRejectedException(AudioRejection.NoMelody);
        }

        return new Transcription(notes, KeyEstimator.FromNotes(notes), Tempo(notes), samples.Length / (double)PitchTracker.SampleRate);
    }

    // A hummed melody has no drums: its own note starts are the onsets, blurred by how well people keep time.
    private static double Tempo(IReadOnlyList<MelodyNoteEstimate> notes)
    {
        const double rate = 100;
        var onsets = new double[(int)((notes[^1].StartSeconds + notes[^1].DurationSeconds) * rate) + 1];
        foreach (var note in notes)
        {
            var centre = note.StartSeconds * rate;
            for (var i = Math.Max(0, (int)centre - 8); i < Math.Min(onsets.Length, (int)centre + 9); i++)
            {
                onsets[i] += Math.Exp(-0.5 * Math.Pow((i - centre) / 2.5, 2));
            }
        }

        return Math.Round(TempoEstimator.FromOnsets(onsets, rate).BeatsPerMinute, 1);
    }
}
