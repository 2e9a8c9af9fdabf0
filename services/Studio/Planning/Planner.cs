using Son1kVers3.Studio.Composing;
using Son1kVers3.Studio.Genres;
using Son1kVers3.Studio.Scores;

namespace Son1kVers3.Studio.Planning;

/// <summary>Turns a request into a plan.</summary>
public static class Planner
{
    /// <summary>Reads the prompt and decides what it leaves open. Any text gives a plan.</summary>
    public static Plan Read(StudioRequest request)
    {
        var genre = GenreCatalog.Find(request.Genre) ?? GenreCatalog.Find("pop")!;
        var dice = Dice.For(request.Seed, "plan");
        var meter = TimeSignature.Parse(genre.Meters[0]);
        var key = Key.TryParse(request.Key, out var asked) ? asked : Key.Of(dice.Below(12), dice.Chance(genre.Minor));
        var beats = meter.Denominator == 8 ? meter.Numerator / 3.0 : meter.Numerator;
        var duration = Math.Clamp(request.DurationSeconds, 10, 300);
        var tempo = request.Tempo
            ?? FormFitter.FitTempo(genre.Tempo.Default, genre.Tempo.Min, genre.Tempo.Max, duration, beats);
        var voices = genre.Parts.Select(part => new PlanVoice(part.Id, dice.Pick(part.Instruments), part.Role)).ToList();
        return new Plan
        {
            Genre = genre.Slug,
            Mood = request.Mood ?? genre.Mood,
            Tempo = tempo,
            Key = key.Name,
            TimeSignature = meter.ToString(),
            Form = FormBuilder.Build(genre, duration, beats * 60 / tempo, Dice.For(request.Seed, "form"), genre.Energy),
            Instruments = [.. voices.Select(voice => InstrumentCatalog.Get(voice.Instrument).Name).Distinct()],
            Title = request.Title ?? "",
            DurationSeconds = duration,
            Energy = genre.Energy,
            Seed = request.Seed,
            Variation = request.Variation,
            Voices = voices,
            Sketch = Sketcher.Draw(genre, key, meter, request.Seed, request.Variation, null),
            Instrumental = request.Instrumental,
            Lyrics = request.Lyrics,
        };
    }
}
