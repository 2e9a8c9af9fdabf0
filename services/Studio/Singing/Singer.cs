using Son1kVers3.Studio.Performing;
using Son1kVers3.Studio.Scores;

namespace Son1kVers3.Studio.Singing;

/// <summary>
/// Sings a score's lyrics as the voice part's recording, syllable after syllable, ahead of the synthesis that takes it up.
/// </summary>
/// <remarks>A synthetic voice, and to be labelled as one.</remarks>
internal sealed class Singer
{
    /// <summary>From this pitch on a woman sings, G3.</summary>
    private const double HighVoice = 55;

    /// <summary>A rest longer than this is a breath: the next note starts from its own pitch.</summary>
    private const double Breath = 0.12;

    /// <summary>Consonants reach this far before their note.</summary>
    private const int Ahead = Performance.SampleRate / 5;

    private readonly Performance performance;
    private readonly Espeak espeak;
    private readonly LyricSyllable[] syllables;
    private readonly SungNote[] notes;
    private readonly bool high;
    private readonly float[] track;
    private readonly Vocoder? vocoder;
    private readonly Dictionary<string, SpokenSyllable?> spoken = [];
    private IReadOnlyList<IReadOnlyList<string>>? phonemes;
    private int next;
    private int pitchIndex;

    public Singer(string program, Performance performance, Part part, VoiceSettings settings)
    {
        this.performance = performance;
        espeak = new Espeak(program, settings.Language == "es" ? "es-419" : "en-us");
        syllables = [.. performance.Score.Lyrics.OrderBy(syllable => syllable.Tick)];
        notes = CreateNotes(part);
        high = syllables.Average(syllable => syllable.Pitch) >= HighVoice;
        track = new float[performance.Frames + Performance.BlockFrames];
        vocoder = settings.Vocoder ? new Vocoder() : null;
    }

    /// <summary>Writes the voice from <paramref name="start"/> on; call in order.</summary>
    public async Task ReadAsync(long start, float[] left, float[] right, CancellationToken ct)
    {
        phonemes ??= await PronounceAsync(ct);
        for (; next < notes.Length && notes[next].Start - Ahead < start + left.Length; next++)
        {
            var syllable = await SpeakAsync(phonemes[next], ct);
            if (syllable is not null)
            {
                PitchShifter.Sing(syllable, notes[next], track);
            }
        }

        var length = (int)Math.Min(left.Length, track.Length - start);
        Array.Clear(left);
        track.AsSpan((int)start, length).CopyTo(left);
        vocoder?.Process(left, Frequencies(start, left.Length));
        left.CopyTo(right, 0);
    }

    private SungNote[] CreateNotes(Part part)
    {
        var velocities = part.Notes.GroupBy(note => note.Tick).ToDictionary(group => group.Key, group => group.Max(note => note.Velocity));
        var result = new SungNote[syllables.Length];
        for (var i = 0; i < syllables.Length; i++)
        {
            var start = performance.FrameAt(syllables[i].Tick);
            var end = performance.FrameAt(syllables[i].Tick + syllables[i].Duration);
            var before = i > 0 && start - result[i - 1].End < Breath * Performance.SampleRate ? result[i - 1].Midi : syllables[i].Pitch - 1;
            var velocity = velocities.GetValueOrDefault(syllables[i].Tick, 90);
            result[i] = new SungNote(start, Math.Max(end, start + 2205), syllables[i].Pitch, before, Math.Pow(velocity / 100.0, 1.2));
        }

        return result;
    }

    private async Task<IReadOnlyList<IReadOnlyList<string>>> PronounceAsync(CancellationToken ct)
    {
        var words = new List<(string Word, int Syllables)>();
        var open = false;
        foreach (var syllable in syllables)
        {
            if (open)
            {
                words[^1] = (words[^1].Word, words[^1].Syllables + 1);
            }
            else
            {
                words.Add((syllable.Word, 1));
            }

            open = !syllable.EndsWord;
        }

        var spelled = await espeak.PhonemesAsync([.. words.Select(word => word.Word)], ct);
        return [.. words.SelectMany((word, i) => Phonemes.Divide(spelled[i], word.Syllables))];
    }

    private async Task<SpokenSyllable?> SpeakAsync(IReadOnlyList<string> sounds, CancellationToken ct)
    {
        var key = string.Concat(sounds);
        if (!spoken.TryGetValue(key, out var syllable))
        {
            syllable = SpokenSyllable.From(await espeak.SpeakAsync(sounds, high, ct));
            spoken[key] = syllable;
        }

        return syllable;
    }

    private float[] Frequencies(long start, int length)
    {
        var frequencies = new float[length];
        for (var i = 0; i < length; i++)
        {
            while (pitchIndex + 1 < notes.Length && notes[pitchIndex + 1].Start - Ahead / 4 <= start + i)
            {
                pitchIndex++;
            }

            frequencies[i] = (float)(440 * Math.Pow(2, (notes[pitchIndex].Midi - 69) / 12));
        }

        return frequencies;
    }
}
