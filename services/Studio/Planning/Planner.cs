using Son1kVers3.Studio.Genres;
using Son1kVers3.Studio.Lyrics;
using Son1kVers3.Studio.Scores;
using Son1kVers3.Studio.Text;

namespace Son1kVers3.Studio.Planning;

/// <summary>Turns a request into a plan, and a plan into its relatives.</summary>
public static class Planner
{
    /// <summary>Reads the prompt and decides what it leaves open. Any text gives a plan.</summary>
    public static Plan Read(StudioRequest request)
    {
        var reading = PromptReader.Read(request.Prompt);
        var mood = MoodCatalog.Find(request.Mood) ?? reading.Mood;
        var genre = GenreOf(request, reading, mood);
        var style = NamedStyle(genre, request.Genre) ?? (reading.Genre?.Slug == genre.Slug ? reading.Style : new Style());
        var dice = Dice.For(request.Seed, "plan");
        var told = request.LengthFromPrompt ? reading.DurationSeconds : null;
        var duration = Math.Clamp(told ?? request.DurationSeconds, 10, 300);
        var meter = TimeSignature.Parse(reading.Meter ?? style.Meter ?? MeterOf(genre, request.Tempo ?? reading.Tempo, dice));
        var key = KeyOf(request, reading, (mood?.Minor ?? 0) + (style.Minor ?? genre.Minor), dice);
        var energy = Math.Clamp(genre.Energy + style.Energy + (mood?.Energy ?? 0) + reading.Energy + (reading.Pace * 0.1), 0.1, 1);
        var tempo = TempoOf(request, reading, (genre, style, mood), (duration, meter.BeatsPerBar), dice);
        var language = LyricLanguage.Of(request.Lyrics ?? "", request.Prompt);
        var lyrics = request.Instrumental ? "" : LyricText.Clean(request.Lyrics ?? "", language);
        var sung = LyricText.HasWords(lyrics);
        var voices = Casting.Cast(genre, reading with { Style = style }, Dice.For(request.Seed, $"band/{request.Variation}"), sung);
        var sheet = sung ? LyricSheet.Parse(lyrics, language) : null;
        var form = FormOf(request, reading, new FormConstraints(genre, duration, meter.BeatsPerBar * 60 / tempo, energy), sheet);
        var hummed = request.Melody is { Count: > 2 } ? HummedMotif.From(request.Melody, key, meter, tempo) : null;
        return new Plan
        {
            Genre = genre.Slug,
            Mood = mood?.Slug ?? (string.IsNullOrWhiteSpace(request.Mood) ? style.Mood ?? genre.Mood : request.Mood.Trim()),
            Tempo = tempo,
            Key = key,
            TimeSignature = meter,
            Form = form,
            Instruments = Names(voices),
            Title = string.IsNullOrWhiteSpace(request.Title) ? "" : request.Title.Trim(),
            DurationSeconds = duration,
            Energy = Math.Round(energy, 3),
            Seed = request.Seed,
            Variation = request.Variation,
            Takes = style.Takes ?? genre.Takes,
            Voices = voices,
            Excluded = reading.Excluded,
            Sketch = Sketcher.Draw(genre, key, meter, request.Seed, request.Variation, hummed),
            Instrumental = !sung,
            Lyrics = sung ? lyrics : null,
            Language = sung ? language : null,
            Vocoder = style.Vocoder,
            Ignored = [.. reading.Ignored, .. IgnoredOf(request, reading, voices, sung)],
        };
    }

    internal static IReadOnlyList<string> Names(IReadOnlyList<PlanVoice> voices) =>
        [.. voices.Select(voice => InstrumentCatalog.Get(voice.Instrument).Name).Distinct()];

    // Who gives a tempo counts in the usual meter: the beat of another one may be heard as something else.
    private static string MeterOf(Genre genre, int? tempoAsked, Dice dice)
    {
        var other = dice.Chance(genre.OtherMeters);
        return other && tempoAsked is null ? dice.Pick([.. genre.Meters.Skip(1)]) : genre.Meters[0];
    }

    private static IReadOnlyList<PlanSection> FormOf(
        StudioRequest request, PromptReading reading, FormConstraints constraints, LyricSheet? sung)
    {
        // Who asked for a key gets that key to the end.
        var keyAsked = reading.Key is not null || Key.TryParse(request.Key, out _);
        var whole = constraints with
        {
            RequiredSections = reading.WantedSections,
            ExcludedSections = reading.UnwantedSections,
            GivenForm = reading.Form,
            Rising = reading.Rising,
            KeyChange = reading.KeyChange || (!keyAsked && Dice.For(request.Seed, "lift").Chance(constraints.Genre.KeyChange)),
            Sung = sung,
        };
        return FormBuilder.Build(whole, Dice.For(request.Seed, "form"));
    }

    // What the fields ask for, and what only the whole request tells.
    private static IEnumerable<IgnoredWish> IgnoredOf(
        StudioRequest request, PromptReading reading, IReadOnlyList<PlanVoice> voices, bool sung)
    {
        if (request.Instrumental && LyricText.HasWords(LyricText.Clean(request.Lyrics ?? "", "en")))
        {
            yield return new IgnoredWish("lyrics", "An instrumental was asked for: nothing is sung.");
        }

        var singer = reading.Asked.Any(asked => asked.Slug == "voice-oohs");
        if (!sung && (singer || (!request.Instrumental && string.IsNullOrWhiteSpace(request.Lyrics))))
        {
            yield return new IgnoredWish("vocals", "The studio sings the lyrics that it is given; without any the piece is instrumental.");
        }

        if (request.LengthFromPrompt && NumberReader.Length(Words.Split(request.Prompt)) is (< 10 or > 300) and var length)
        {
            yield return new IgnoredWish(FormattableString.Invariant($"{length} s"), "A piece lasts from 10 to 300 seconds.");
        }

        if (!string.IsNullOrWhiteSpace(request.Mood) && MoodCatalog.Find(request.Mood) is null)
        {
            yield return new IgnoredWish(request.Mood.Trim(), "The studio knows no such mood; the prompt's words count.");
        }

        foreach (var asked in reading.Asked.Where(
            asked => !voices.Any(seated => asked.Members.Append(asked.Slug).Contains(seated.Instrument))))
        {
            yield return new IgnoredWish(InstrumentCatalog.Get(asked.Slug).Name, $"A band has at most {Casting.MostVoices} voices.");
        }
    }

    private static Genre GenreOf(StudioRequest request, PromptReading reading, Mood? mood)
    {
        var era = Common.Data.Eras.FirstOrDefault(candidate => candidate.Name == reading.Era);
        var instrument = reading.Asked.Select(asked => InstrumentCatalog.Get(asked.Slug).Genre).FirstOrDefault(slug => slug is not null);
        return GenreCatalog.Find(request.Genre) ?? reading.Genre ?? GenreCatalog.Find(era?.Genre) ?? GenreCatalog.Find(instrument)
            ?? GenreCatalog.Find(mood?.Genre) ?? GenreCatalog.Find("pop")!;
    }

    // Who asks for the genre "disco" means more than funk.
    private static Style? NamedStyle(Genre genre, string? asked) =>
        asked is null ? null : genre.Styles.GetValueOrDefault(Words.Plain(asked));

    private static Key KeyOf(StudioRequest request, PromptReading reading, double minorChance, Dice dice)
    {
        var tonic = dice.Below(12);
        var minor = dice.Chance(minorChance);
        if (Key.TryParse(request.Key, out var asked))
        {
            return asked;
        }

        return reading.Key ?? HummedMotif.KeyOf(request.Melody, reading.Minor) ?? Key.Of(tonic, reading.Minor ?? minor);
    }

    private static int TempoOf(StudioRequest request, PromptReading reading, (Genre Genre, Style Style, Mood? Mood) taste,
        (int Duration, double Beats) room, Dice dice)
    {
        var drift = (dice.Unit() - 0.5) * 0.12;
        if ((request.Tempo ?? reading.Tempo) is { } asked)
        {
            return Math.Clamp(asked, 40, 240);
        }

        var range = taste.Genre.Tempo;
        var center = taste.Style.Tempo ?? range.Default;
        var pull = reading.Pace != 0 ? reading.Pace : taste.Style.Tempo is null ? (taste.Mood?.Tempo ?? 0) * 0.6 : 0;
        // What somebody calls slow or fast goes a little beyond what is usual.
        var beyond = reading.Pace == 0 ? 1 : 1.12;
        var edge = pull < 0 ? Math.Min(range.Min / beyond, center) : Math.Max(range.Max * beyond, center);
        var wanted = center + ((edge - center) * Math.Abs(pull)) + (pull == 0 ? center * drift : 0);
        return FormFitter.FitTempo(
            (int)Math.Floor(wanted + 0.5), (int)Math.Min(range.Min, wanted), (int)Math.Max(range.Max, wanted + 1), room.Duration,
                room.Beats);
    }
}
