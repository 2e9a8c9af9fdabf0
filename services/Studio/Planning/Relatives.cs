using Son1kVers3.Studio.Genres;
using Son1kVers3.Studio.Scores;

namespace Son1kVers3.Studio.Planning;

/// <summary>What a remix changes; what is null stays.</summary>
/// <param name="Style">A genre by slug, name or word, or any prompt: its genre, instruments, exclusions, mood, tempo and key are
/// taken.</param>
/// <param name="Tempo">Beats a minute, 40–240.</param>
/// <param name="Key">As <see cref="Scores.Key.TryParse"/> reads it.</param>
/// <param name="Prompt">More wishes, read like <paramref name="Style"/>.</param>
public sealed record RemixOptions(string? Style = null, int? Tempo = null, string? Key = null, string? Prompt = null);

/// <summary>Makes plans out of plans. The sketch, which is the composition, goes along.</summary>
public static class Relatives
{
    /// <summary>The same composition in another dress.</summary>
    public static Plan Remix(Plan plan, RemixOptions options)
    {
        var reading = PromptReader.Read($"{options.Style} , {options.Prompt}");
        var before = GenreCatalog.Find(plan.Genre) ?? GenreCatalog.Find("pop")!;
        var genre = GenreCatalog.Find(options.Style) ?? reading.Genre ?? before;
        var restyled = genre.Slug != before.Slug;
        var tempo = options.Tempo ?? reading.Tempo ?? (restyled ? Math.Clamp(plan.Tempo, genre.Tempo.Min, genre.Tempo.Max) : plan.Tempo);
        var key = Scores.Key.TryParse(options.Key, out var asked) ? asked : reading.Key ?? plan.Key;
        var excluded = plan.Excluded.Union(reading.Excluded).Except(reading.Asked.Select(instrument => instrument.Slug)).ToList();
        var voices = restyled || reading.AskedOnly
            ? Casting.Cast(genre, reading with { Excluded = excluded }, Dice.For(plan.Seed, $"remix/{genre.Slug}"), !plan.Instrumental)
            : Casting.Change(genre, plan.Voices, reading.Asked, excluded);
        var remixed = plan with
        {
            Genre = genre.Slug,
            Mood = reading.Mood?.Slug ?? (restyled ? genre.Mood : plan.Mood),
            Tempo = Math.Clamp(tempo, 40, 240),
            Key = key,
            Energy = Math.Round(
                Math.Clamp((restyled ? genre.Energy : plan.Energy) + (reading.Mood?.Energy ?? 0) + reading.Energy, 0.1, 1), 3),
            Takes = reading.Genre?.Slug == genre.Slug ? reading.Style.Takes ?? genre.Takes : restyled ? genre.Takes : plan.Takes,
            Vocoder = reading.Genre?.Slug == genre.Slug ? reading.Style.Vocoder : restyled ? null : plan.Vocoder,
            Voices = voices,
            Instruments = Planner.Names(voices),
            Excluded = excluded,
            Sketch = key.Minor == plan.Key.Minor ? plan.Sketch : InMode(plan, genre, key),
            Ignored = [.. reading.Ignored, .. KeptMeter(plan, reading)],
        };
        return Retimed(remixed, plan.Tempo);
    }

    /// <summary>
    /// The same piece going on: its sections, then more of them, longer by <paramref name="seconds"/> (at most 300 s in all).
    /// </summary>
    public static Plan Extend(Plan plan, int seconds)
    {
        var genre = GenreCatalog.Find(plan.Genre) ?? GenreCatalog.Find("pop")!;
        var barSeconds = BarSeconds(plan);
        var duration = Math.Clamp(plan.DurationSeconds + Math.Max(0, seconds), plan.DurationSeconds, 300);
        // The old ending makes room: what comes next replaces the outro, or the ringing bar.
        var kept = plan.Form.ToList();
        if (kept.Count > 1 && kept[^1].Section == "outro")
        {
            kept.RemoveAt(kept.Count - 1);
        }
        else
        {
            kept[^1] = kept[^1] with { Bars = Math.Max(1, kept[^1].Bars - 1) };
        }

        var firstBar = kept.Sum(section => section.Bars);
        var bars = FormFitter.BarsBeforeEnd(duration, barSeconds) - firstBar;
        if (bars < 1)
        {
            return plan with { DurationSeconds = duration };
        }

        string[] forms = ["outro", "chorus", "bridge chorus", "bridge chorus outro", "break verse chorus outro",
            "bridge verse chorus solo chorus outro", "break verse chorus bridge solo chorus chorus outro"];
        var fitted = FormFitter.Fit(forms, bars, Dice.For(plan.Seed, "extend"), genre.Strophe);
        var added = FormBuilder.Place(fitted, firstBar, new FormConstraints(genre, duration, barSeconds, plan.Energy))
            .Select(section => section with { KeyShift = kept[^1].KeyShift, LyricBlock = Sung(kept, section) });
        return plan with { DurationSeconds = duration, Form = [.. kept, .. added] };
    }

    /// <summary>Another take: same wishes, key, tempo, form and chords, other motifs, playing and band details.</summary>
    public static Plan Vary(Plan plan, int variation)
    {
        var genre = GenreCatalog.Find(plan.Genre) ?? GenreCatalog.Find("pop")!;
        var fresh = Sketcher.Draw(genre, plan.Key, plan.TimeSignature, plan.Seed, variation, null);
        return plan with { Variation = variation, Sketch = plan.Sketch with { Motifs = fresh.Motifs } };
    }

    // The bars of a composition can't be of another length.
    private static IEnumerable<IgnoredWish> KeptMeter(Plan plan, PromptReading reading) =>
        reading.Meter is { } meter && meter != plan.TimeSignature.ToString()
            ? [new IgnoredWish(meter, $"A remix keeps the meter of its piece, {plan.TimeSignature}.")]
            : [];

    // A stanza of the same kind is sung again.
    private static int Sung(List<PlanSection> kept, PlanSection section) =>
        kept.LastOrDefault(other => other.Section == section.Section)?.LyricBlock ?? -1;

    // Degrees of a motif mean the same in major and minor; progressions are written for one of them.
    private static Sketch InMode(Plan plan, Genre genre, Key key)
    {
        var other = Sketcher.Draw(genre, key, plan.TimeSignature, plan.Seed, plan.Variation, null);
        return plan.Sketch with { Harmony = other.Harmony };
    }

    // Another tempo makes the same bars longer or shorter; the length follows, within what can be asked for.
    private static Plan Retimed(Plan plan, int tempoBefore)
    {
        if (plan.Tempo == tempoBefore)
        {
            return plan;
        }

        var barSeconds = BarSeconds(plan);
        var form = plan.Form.ToList();
        var bars = form.Sum(section => section.Bars) - 1;
        while (bars > FormFitter.BarsBeforeEnd(300, barSeconds))
        {
            var longest = form.FindIndex(section => section.Bars == form.Max(other => other.Bars));
            form[longest] = form[longest] with { Bars = form[longest].Bars - 1 };
            bars--;
        }

        var duration = Math.Clamp((int)Math.Floor((bars * barSeconds) + 3.5), 10, 300);
        var bar = 0;
        for (var i = 0; i < form.Count; i++)
        {
            form[i] = form[i] with { StartSeconds = Math.Round(bar * barSeconds, 3) };
            bar += form[i].Bars;
        }

        return plan with { Form = form, DurationSeconds = duration };
    }

    private static double BarSeconds(Plan plan) => plan.TimeSignature.BeatsPerBar * 60 / plan.Tempo;
}
