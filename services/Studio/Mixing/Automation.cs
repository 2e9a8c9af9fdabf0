using Son1kVers3.Studio.Genres;
using Son1kVers3.Studio.Performing;

namespace Son1kVers3.Studio.Mixing;

/// <summary>What the engineer's hands do over time: ducking under the kick, a ride along the form, the fade at the end.</summary>
internal sealed class Automation
{
    private const int LowestKick = 35;
    private const int HighestKick = 36;
    private const double DuckAttack = 0.004;
    private const double DuckRelease = 0.11;
    private const double RideDecibels = 3.5;
    private const double LargestRide = 1.8;
    private const double EnsembleForm = 1.5;
    private const int StepsPerBar = 4;
    private const double RideSeconds = 0.25;
    private const int Step = 64;

    private readonly long[] kicks;
    private readonly (long Frame, double Decibels)[] ride;
    private readonly long fadeStart;
    private readonly long end;
    private readonly double duckDecibels;
    private int nextKick;
    private double duck;
    private long sinceKick = long.MaxValue / 2;
    private double rideNow;

    public Automation(Performance performance, MixSettings settings, MixCharacter character)
    {
        duckDecibels = settings.DuckDecibels;
        end = performance.Frames;
        kicks = duckDecibels <= 0 ? [] : FindKicks(performance);
        ride = character.Family == MixFamily.Ensemble ? Conduct(performance, character) : CreateRide(performance);
        rideNow = ride.Length > 0 ? ride[0].Decibels : 0;

        var scoreEnd = performance.FrameAt(performance.Score.EndTick);
        var fade = Math.Clamp(end - scoreEnd, Performance.SampleRate, 5 * Performance.SampleRate / 2);
        fadeStart = Math.Max(0, end - fade);
    }

    public bool Ducks => kicks.Length > 0;

    /// <summary>Writes each frame's ducking in dB; call once a block, in order.</summary>
    public void Duck(long start, Span<float> decibels)
    {
        var attack = 1 / (DuckAttack * Performance.SampleRate);
        var release = Math.Exp(-1 / (DuckRelease * Performance.SampleRate));
        for (var i = 0; i < decibels.Length; i++)
        {
            if (nextKick < kicks.Length && kicks[nextKick] <= start + i)
            {
                nextKick++;
                sinceKick = 0;
            }

            duck = ++sinceKick < DuckAttack * Performance.SampleRate * 2 ? Math.Min(1, duck + attack) : duck * release;
            decibels[i] = (float)(-duckDecibels * duck);
        }
    }

    /// <summary>Multiplies ride and fade into each frame's gain.</summary>
    public void Apply(long start, Span<float> gains)
    {
        var smoothing = 1 - Math.Exp(-Step / (RideSeconds * Performance.SampleRate));
        for (var i = 0; i < gains.Length; i += Step)
        {
            rideNow += (RideAt(start + i) - rideNow) * smoothing;
            var gain = Math.Pow(10, rideNow / 20);
            for (var j = i; j < Math.Min(i + Step, gains.Length); j++)
            {
                gains[j] *= (float)(gain * FadeAt(start + j));
            }
        }
    }

    private static long[] FindKicks(Performance performance) =>
    [
        .. performance.Score.Parts.Where(part => part.IsDrums)
            .SelectMany(part => part.Notes)
            .Where(note => note.Pitch is LowestKick or HighestKick)
            .Select(note => performance.FrameAt(note.Tick))
            .Order(),
    ];

    private static (long, double)[] CreateRide(Performance performance)
    {
        var score = performance.Score;
        var bars = Math.Max(1, score.Sections.Sum(section => section.Bars));
        var average = score.Sections.Sum(section => section.Energy * section.Bars) / bars;
        return
        [
            .. score.Sections.Select(section => (
                performance.FrameAt(section.StartBar * score.TicksPerBar),
                Math.Clamp((section.Energy - average) * RideDecibels, -LargestRide, LargestRide))),
        ];
    }

    /// <summary>An ensemble rises towards the middle of its phrases and falls behind it, around a form that is itself wide.</summary>
    private static (long, double)[] Conduct(Performance performance, MixCharacter character)
    {
        var score = performance.Score;
        var form = CreateRide(performance);
        var bars = Math.Max(1, score.Sections.Sum(section => section.Bars));
        return
        [
            .. Enumerable.Range(0, bars * StepsPerBar).Select(step =>
            {
                var frame = performance.FrameAt(step * score.TicksPerBar / StepsPerBar);
                var phase = step / (double)(StepsPerBar * character.PhraseBars) % 1;
                var swell = -Math.Cos(2 * Math.PI * phase) * character.SwellDecibels;
                return (frame, swell + (EnsembleForm * form.LastOrDefault(point => point.Item1 <= frame).Item2));
            }),
        ];
    }

    private double RideAt(long frame)
    {
        var decibels = 0.0;
        foreach (var point in ride)
        {
            if (point.Frame > frame)
            {
                break;
            }

            decibels = point.Decibels;
        }

        return decibels;
    }

    private double FadeAt(long frame)
    {
        if (frame < fadeStart)
        {
            return 1;
        }

        var cos = frame >= end ? 0 : Math.Cos(Math.PI / 2 * (frame - fadeStart) / (end - fadeStart));
        return cos * cos;
    }
}
