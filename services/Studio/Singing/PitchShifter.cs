namespace Son1kVers3.Studio.Singing;

/// <summary>A note to sing. Frames are at 44.1 kHz.</summary>
/// <param name="Start">Where the vowel begins.</param>
/// <param name="End">Where the syllable has ended.</param>
/// <param name="Midi">Pitch.</param>
/// <param name="FromMidi">Pitch that the voice comes from; the same when it starts anew.</param>
/// <param name="Gain">Factor from the note's velocity.</param>
internal readonly record struct SungNote(long Start, long End, double Midi, double FromMidi, double Gain);

/// <summary>Moves a spoken syllable to a note: pitch-synchronous overlap-add (Moulines and Charpentier 1990).</summary>
/// <remarks>
/// Periods are laid down at the note's own distance, so that pitch is exact and the vowel's colour stays. Only the middle of the voiced
/// part is stretched; consonants and the passages to them keep the length they were spoken with.
/// </remarks>
internal static class PitchShifter
{
    private const int SampleRate = 44100;

    /// <summary>Output frames for a spoken sample.</summary>
    private const double Ratio = (double)SampleRate / Espeak.SampleRate;

    private const double VibratoHertz = 5.4;
    private const double VibratoSemitones = 0.28;
    private const double VibratoAfter = 0.35;
    private const double GlideSeconds = 0.045;
    private const double LongestOnset = 0.14 * SampleRate;
    private const int Fade = 220;

    /// <summary>Adds the note to <paramref name="track"/>. A consonant before the vowel comes before the beat.</summary>
    public static void Sing(SpokenSyllable syllable, SungNote note, Span<float> track)
    {
        var onset = Math.Min(syllable.VoicedStart * Ratio, LongestOnset);
        var coda = Math.Min((syllable.Samples.Length - syllable.VoicedEnd) * Ratio, 0.4 * (note.End - note.Start));
        var voicedEnd = Math.Max(note.Start + 0.06 * SampleRate, note.End - coda);

        Copy(syllable, syllable.VoicedStart - onset / Ratio, note.Start - onset, onset + Fade, note.Gain, track);
        Stretch(syllable, note, voicedEnd, track);
        Copy(syllable, syllable.VoicedEnd - Fade / Ratio, voicedEnd - Fade, coda + Fade, note.Gain, track);
    }

    private static void Stretch(SpokenSyllable syllable, SungNote note, double end, Span<float> track)
    {
        var length = end - note.Start;
        for (var time = 0.0; time < length;)
        {
            var frequency = 440 * Math.Pow(2, (Pitch(note, time / SampleRate, length / SampleRate) - 69) / 12);
            var period = SampleRate / frequency;
            var envelope = Math.Clamp(Math.Min((time + period) / Fade, (length - time) / Fade), 0, 1);
            AddPeriod(syllable, SourceTime(syllable, time, length), note.Start + time, period, note.Gain * envelope, track);
            time += period;
        }
    }

    private static double Pitch(SungNote note, double time, double length)
    {
        var glide = note.Midi + (note.FromMidi - note.Midi) * Math.Exp(-3 * time / GlideSeconds);
        var depth = length < 2 * VibratoAfter ? 0 : Math.Clamp((time - VibratoAfter) / 0.4, 0, 1) * VibratoSemitones;
        return glide + depth * Math.Sin(2 * Math.PI * VibratoHertz * (time - VibratoAfter));
    }

    // The spoken sample that sounds at a time of the note: true to time at both ends, stretched between.
    private static double SourceTime(SpokenSyllable syllable, double time, double length)
    {
        var spoken = syllable.VoicedEnd - syllable.VoicedStart;
        var total = length / Ratio;
        var head = Math.Min(spoken * 0.25, total * 0.4);
        var tail = Math.Min(spoken * 0.3, total * 0.4);
        var at = time / Ratio;
        var source = at < head ? at
            : at > total - tail ? spoken - (total - at)
            : head + (at - head) / Math.Max(1, total - tail - head) * (spoken - tail - head);
        return syllable.VoicedStart + source;
    }

    private static void AddPeriod(SpokenSyllable syllable, double source, double target, double period, double gain, Span<float> track)
    {
        var index = NearestMark(syllable.Marks, source);
        var mark = syllable.Marks[index];
        var spokenPeriod = index > 0 ? mark - syllable.Marks[index - 1] : syllable.Marks[1] - mark;
        // Half a window is one spoken period: its neighbours are silent in it, whatever the shift.
        var half = spokenPeriod * Ratio;
        var overlap = (float)(gain * Math.Min(1, period / half));
        for (var frame = (long)Math.Ceiling(target - half); frame < target + half; frame++)
        {
            if (frame >= 0 && frame < track.Length)
            {
                var offset = frame - target;
                var window = 0.5 + 0.5 * Math.Cos(Math.PI * offset / half);
                track[(int)frame] += overlap * (float)window * At(syllable.Samples, mark + offset / Ratio);
            }
        }
    }

    private static void Copy(SpokenSyllable syllable, double from, double target, double length, double gain, Span<float> track)
    {
        var start = (long)Math.Round(target);
        for (var i = 0; i < length; i++)
        {
            var frame = start + i;
            if (frame >= 0 && frame < track.Length)
            {
                var envelope = Math.Min(1, Math.Min((i + 1.0) / Fade, (length - i) / Fade));
                track[(int)frame] += (float)(gain * envelope) * At(syllable.Samples, from + i / Ratio);
            }
        }
    }

    private static int NearestMark(IReadOnlyList<int> marks, double position)
    {
        var (low, high) = (0, marks.Count - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = marks[middle] < position ? (middle + 1, high) : (low, middle);
        }

        return low > 0 && position - marks[low - 1] < marks[low] - position ? low - 1 : low;
    }

    private static float At(float[] samples, double position)
    {
        var whole = (int)Math.Floor(position);
        return whole < 0 || whole + 1 >= samples.Length ? 0
            : samples[whole] + (samples[whole + 1] - samples[whole]) * (float)(position - whole);
    }
}
