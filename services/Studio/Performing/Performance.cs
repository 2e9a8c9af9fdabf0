using Son1kVers3.Studio.Lyrics;
using Son1kVers3.Studio.Scores;

namespace Son1kVers3.Studio.Performing;

internal enum PerformanceEventKind : byte { NoteOff, Control, NoteOn }

/// <summary>What a part does at a frame. <paramref name="Key"/> is a MIDI pitch or a controller (−1: pitch bend).</summary>
internal readonly record struct PerformanceEvent(long Frame, PerformanceEventKind Kind, byte Part, short Key, short Value);

/// <summary>A score laid out in frames: part by part, trimmed so that it starts with its first sound.</summary>
internal sealed class Performance
{
    public const int SampleRate = 44100;

    /// <summary>Frames that are worked on at once, 93 ms: long enough for few calls, short enough to skip rests.</summary>
    public const int BlockFrames = 4096;

    /// <summary>How long the last notes may ring behind the last bar when no length was asked for.</summary>
    private const double Ring = 1.5;

    /// <summary>Silence that stays in front of the first note, so that its attack is whole.</summary>
    private const double LeadIn = 0.02;

    public Performance(Score score, double? durationSeconds)
    {
        Score = score;
        var firstTick = score.Parts.SelectMany(part => part.Notes).Select(note => note.Tick).DefaultIfEmpty(0).Min();
        var firstSound = score.SecondsAt(firstTick);
        StartOffset = firstSound > 0.1 ? firstSound - LeadIn : 0;

        var scoreEnd = score.SecondsAt(score.EndTick) - StartOffset;
        Duration = score.LengthSeconds > 0 ? durationSeconds ?? score.LengthSeconds
            : durationSeconds is { } asked ? Math.Clamp(scoreEnd + Ring, asked - 1.5, asked + 1.5) : scoreEnd + Ring;
        Frames = (long)(Duration * SampleRate);
        Events = CreateEvents();
    }

    public Score Score { get; }

    /// <summary>Seconds of the score's start that are left out.</summary>
    public double StartOffset { get; }

    public double Duration { get; }

    public long Frames { get; }

    public IReadOnlyList<PerformanceEvent> Events { get; }

    public long FrameAt(int tick) => Math.Max(0, (long)((Score.SecondsAt(tick) - StartOffset) * SampleRate));

    /// <summary>The lyrics' words in seconds of the recording; those behind its end are left out.</summary>
    public IReadOnlyList<WordTiming> Words() =>
    [
        .. WordTimings.Of(Score)
            .Select(word => new WordTiming(
                word.Word, Math.Max(0, word.StartSeconds - StartOffset), Math.Min(Duration, word.EndSeconds - StartOffset)))
            .Where(word => word.StartSeconds < Duration),
    ];

    private List<PerformanceEvent> CreateEvents()
    {
        var events = new List<PerformanceEvent>();
        for (var channel = 0; channel < Score.Parts.Count; channel++)
        {
            foreach (var note in Score.Parts[channel].Notes)
            {
                events.Add(new(FrameAt(note.Tick), PerformanceEventKind.NoteOn, (byte)channel, (short)note.Pitch, (short)note.Velocity));
                events.Add(new(
                    FrameAt(note.Tick + Math.Max(1, note.Duration)), PerformanceEventKind.NoteOff, (byte)channel, (short)note.Pitch, 0));
            }

            foreach (var control in Score.Parts[channel].Controls)
            {
                events.Add(
                    new(FrameAt(control.Tick), PerformanceEventKind.Control, (byte)channel, (short)control.Number, (short)control.Value));
            }
        }

        // A repeated note ends before it starts again; the order of what is left is the score's (the sort is stable).
        return [.. events.OrderBy(item => item.Frame).ThenBy(item => item.Kind).ThenBy(item => item.Part)];
    }
}
