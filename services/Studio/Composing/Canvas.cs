using Son1kVers3.Studio.Genres;
using Son1kVers3.Studio.Planning;
using Son1kVers3.Studio.Scores;

namespace Son1kVers3.Studio.Composing;

/// <summary>A chord and where in its bar it sounds, in sixteenths.</summary>
internal sealed record ChordSpan(int Step, int Steps, Chord Chord);

/// <summary>A bar with all that a player has to know about it.</summary>
internal sealed record Bar
{
    public required int Index { get; init; }

    public required int SectionIndex { get; init; }

    public required PlanSection Section { get; init; }

    /// <summary>Bar within its section, from 0.</summary>
    public required int InSection { get; init; }

    public required Key Key { get; init; }

    public required IReadOnlyList<ChordSpan> Chords { get; init; }

    /// <summary>0–1; rises a little within a section.</summary>
    public required double Energy { get; init; }

    /// <summary>The bar of the last, ringing chord.</summary>
    public required bool Ending { get; init; }

    public bool First => InSection == 0;

    public bool Last => InSection == Section.Bars - 1;

    /// <summary>The chord that sounds at a step of the bar.</summary>
    public Chord ChordAt(int step)
    {
        var found = Chords[0].Chord;
        foreach (var span in Chords)
        {
            found = span.Step <= step ? span.Chord : found;
        }

        return found;
    }
}

/// <summary>The piece laid out bar by bar, before anybody plays.</summary>
internal sealed class Canvas
{
    public const int TicksPerStep = Score.TicksPerQuarter / 4;

    public Canvas(Plan plan, Genre genre)
    {
        Plan = plan;
        Genre = genre;
        Meter = plan.TimeSignature;
        StepsPerBar = Meter.StepsPerBar;
        QuartersPerMinute = Meter.IsCompound ? plan.Tempo * 1.5 : plan.Tempo;
        Bars = BarBuilder.Build(plan);
        var stepSeconds = 60 / (QuartersPerMinute * 4);
        RingSteps = Math.Max(4, (int)Math.Ceiling((plan.DurationSeconds / stepSeconds) - ((Bars.Count - 1) * StepsPerBar)));
    }

    public Plan Plan { get; }

    public Genre Genre { get; }

    public TimeSignature Meter { get; }

    public int StepsPerBar { get; }

    public double QuartersPerMinute { get; }

    public IReadOnlyList<Bar> Bars { get; }

    /// <summary>Length of the last chord.</summary>
    public int RingSteps { get; }

    /// <summary>How the genre's patterns come into the meter.</summary>
    public MeterPatterns Patterns => field ??= new MeterPatterns(Genre, Meter);

    /// <summary>Steps of a pulse: a quarter, or the dotted quarter of compound time.</summary>
    public int StepsPerBeat => Meter.StepsPerBeat;

    /// <summary>What the first of the lead instruments plays: other lines keep out of its way.</summary>
    public IReadOnlyList<StepNote> Melody => field ??= WriteMelody();

    /// <summary>How late the band as a whole is at each step, in ticks: a walk that returns, which all players share.</summary>
    public IReadOnlyList<double> Drift => field ??= WriteDrift();

    /// <summary>Every player was asked for by name.</summary>
    public bool AllAsked => Plan.Voices.All(voice => voice.Asked);

    /// <summary>A bar's energy as its players show it.</summary>
    /// <remarks>
    /// Who was asked for by name plays from beginning to end: where all were, they make the contrast that others make by coming in.
    /// </remarks>
    public double Drive(Bar bar) => AllAsked ? Math.Clamp((bar.Energy - 0.36) * 1.6, 0.05, 1) : bar.Energy;

    /// <summary>The chord at a bar and step, which may lie beyond the end of the bar.</summary>
    public (Chord Chord, Bar Bar) ChordAt(int bar, int step)
    {
        var index = Math.Clamp(bar + (step / StepsPerBar), 0, Bars.Count - 1);
        return (Bars[index].ChordAt(step % StepsPerBar), Bars[index]);
    }

    /// <summary>The take that all parts of a role keep to: one of those that the plan allows, if it allows any of these.</summary>
    public int Take(PartRole role, IReadOnlyList<int> takes)
    {
        var allowed = takes.Where(Plan.Takes.Contains).ToList();
        return Dice($"{role}", "take").Pick(allowed.Count > 0 ? allowed : takes);
    }

    /// <summary>Random numbers for one part in the whole piece.</summary>
    public Dice Dice(string part, string purpose) =>
        Planning.Dice.For(Plan.Seed, FormattableString.Invariant($"{part}/{purpose}/{Plan.Variation}"));

    /// <summary>Random numbers for one part in one section; independent of every other part and section.</summary>
    public Dice Dice(string part, Bar bar, string purpose = "play") =>
        Planning.Dice.For(Plan.Seed, FormattableString.Invariant($"{part}/{bar.SectionIndex}/{purpose}/{Plan.Variation}"));

    // An autoregressive process, as measured of musicians who keep time together (Hennig et al. 2011 find long-range correlation).
    private double[] WriteDrift()
    {
        const double Inertia = 0.93;
        const double Share = 0.8;
        var dice = Dice("band", "drift");
        var drift = new double[Bars.Count * StepsPerBar];
        for (var step = 1; step < drift.Length; step++)
        {
            drift[step] = (Inertia * drift[step - 1]) + (Math.Sqrt(1 - (Inertia * Inertia)) * dice.Gaussian(Share * Genre.Looseness));
        }

        return drift;
    }

    private List<StepNote> WriteMelody()
    {
        var voice = Plan.Voices.FirstOrDefault(voice => voice.Role == PartRole.Lead);
        return voice is null ? [] : [.. MelodyPlayer.Play(this, Band.Chair(this, voice), InstrumentCatalog.Get(voice.Instrument))];
    }
}
