using Son1kVers3.Studio.Genres;
using Son1kVers3.Studio.Listening;
using Son1kVers3.Studio.Planning;
using Son1kVers3.Studio.Scores;

namespace Son1kVers3.Generation.Derivations;

/// <summary>What a piece's plan leaves open, and what its listener would like of it.</summary>
internal static class PlanIdeas
{
    private const int Short = 90;
    private const double FarTempo = 0.12;
    private const int Habit = 3;
    private const double SureKey = 0.3;

    /// <summary>What can be said of any piece; of these at least a mode and two takes are left for every one.</summary>
    public static IEnumerable<Idea?> For(Plan plan, TrackAnalysis? heard, Taste taste) =>
        [Liked(plan, taste), UsualTempo(plan, taste), Contrasting(plan), Mode(plan, heard), Missing(plan), Longer(plan), OtherTempo(plan),
            Takes];

    private static Idea Takes { get; } = new(
        "take", 0.05, new Suggestion("variations", "Hear two other takes of the same idea.", "Escucha otras dos tomas de la misma idea.",
            new Dictionary<string, object>()));

    /// <summary>A remix with an instrument; null when it is there already, not wanted, or no words ask for it.</summary>
    public static Idea? With(Plan plan, double strength, Instrument instrument, Words words)
    {
        if (plan.Excluded.Contains(instrument.Slug))
            return null;
        // Some names are words for a whole family: another word may mean just this one.
        return instrument.Words.Prepend(instrument.Name.ToLowerInvariant())
            .Select(name => Idea.Remix(plan, instrument.Slug, strength, new RemixOptions(Prompt: $"with {name}"), p =>
                p.Voices.Any(v => v.Instrument == instrument.Slug), words))
            .FirstOrDefault(idea => idea is not null);
    }

    /// <summary>The piece's tempo times a factor, within what can be asked for.</summary>
    public static int TempoAt(Plan plan, double factor) => Math.Clamp((int)Math.Round(plan.Tempo * factor), 40, 240);

    private static Idea? Liked(Plan plan, Taste taste)
    {
        var all = taste.Likings.Sum(l => l.Weight);
        var liked = taste.Likings.Select(l => (Liking: l, Genre: GenreCatalog.Find(l.Genre)))
            .FirstOrDefault(l => l.Genre is not null && l.Genre.Slug != plan.Genre);
        return liked.Genre is not { } genre ? null : Idea.Remix(
            plan, "style", 0.35 + (0.6 * liked.Liking.Weight / all), new RemixOptions(Style: genre.Slug), p =>
                p.Genre == genre.Slug, new Words(
                $"{genre.Name.En} is in {liked.Liking.Tracks} of your latest tracks: hear this piece that way.",
                $"{genre.Name.Es} está en {liked.Liking.Tracks} de tus últimos temas: escucha así esta pieza."));
    }

    private static Idea? UsualTempo(Plan plan, Taste taste)
    {
        if (taste.Likings.FirstOrDefault(l => l.Genre == plan.Genre) is not { Tracks: >= Habit, Tempo: { } usual }
            || GenreCatalog.Find(plan.Genre) is not { } genre)
            return null;
        var (tempo, far) = (Math.Clamp((int)Math.Round(usual), 40, 240), Math.Abs(usual - plan.Tempo) / plan.Tempo);
        return far < FarTempo
            ? null
            : Idea.Remix(plan, "tempo", Math.Min(0.9, 0.35 + far), new RemixOptions(Tempo: tempo), p => p.Tempo == tempo, new Words(
            $"Your {genre.Name.En} runs at about {tempo} bpm; this one at {plan.Tempo}.",
            $"Tus temas de {genre.Name.Es} van a unos {tempo} bpm; este va a {plan.Tempo}."));
    }

    /// <summary>The genre whose energy differs most at a tempo that this piece can keep.</summary>
    private static Idea? Contrasting(Plan plan)
    {
        var genre = GenreCatalog.All.Where(g => g.Slug != plan.Genre && g.Tempo.Min <= plan.Tempo && plan.Tempo <= g.Tempo.Max)
            .OrderByDescending(g => Math.Abs(g.Energy - plan.Energy)).FirstOrDefault();
        return genre is null
            ? null
            : Idea.Remix(plan, "style", 0.25, new RemixOptions(Style: genre.Slug), p => p.Genre == genre.Slug, new Words(
            $"Its {plan.Tempo} bpm carry {genre.Name.En}, too: a strong contrast.",
            $"Sus {plan.Tempo} bpm admiten también {genre.Name.Es}: un buen contraste."));
    }

    private static Idea? Mode(Plan plan, TrackAnalysis? heard)
    {
        var key = plan.Key;
        var other = Key.Of(key.Tonic, !key.Minor);
        var (mode, modeEs) = key.Minor ? ("bright", "luminosa") : ("dark", "oscura");
        // The relative key has the same notes: hearing it is no surprise, but a fact to tell.
        var (where, whereEs) = heard is null || heard.Key == key.Name || heard.KeyConfidence < SureKey
            ? ($"It stands in {key.Name}", $"Está en {key.Name}")
            : ($"Written in {key.Name}, it is heard as {heard.Key}", $"Escrita en {key.Name}, se oye como {heard.Key}");
        return Idea.Remix(plan, "key", 0.2, new RemixOptions(Key: other.Name), p => p.Key == other, new Words(
            $"{where}; in {other.Name} the same melody turns {mode}.",
            $"{whereEs}; en {other.Name} la misma melodía se vuelve {modeEs}."));
    }

    /// <summary>The role that the band lacks, by the first instrument that plays it by nature.</summary>
    private static Idea? Missing(Plan plan)
    {
        PartRole[] wanted = [PartRole.Strings, PartRole.Counter, PartRole.Pad, PartRole.Lead, PartRole.Arpeggio, PartRole.Percussion];
        return wanted.Where(role => plan.Voices.All(v => v.Role != role))
            .SelectMany(role => InstrumentCatalog.All.Where(i => i.Role == role))
            .Select(i => With(plan, 0.22, i, new Words(
                $"Its {plan.Voices.Count} voices lack {i.Name}.", $"Entre sus {plan.Voices.Count} voces no hay {i.NameEs}.")))
            .FirstOrDefault(idea => idea is not null);
    }

    private static Idea? Longer(Plan plan) => plan.DurationSeconds > Short ? null : Growth.Of(
        plan, 0.2 + (0.2 * (Short - plan.DurationSeconds) / Short), null, (seconds, added) => new Words(
            $"It ends after {plan.DurationSeconds} s; {seconds} s more bring {added.En}.",
            $"Termina a los {plan.DurationSeconds} s; {seconds} s más traen {added.Es}."));

    private static Idea? OtherTempo(Plan plan)
    {
        var faster = plan.Energy < 0.5;
        var tempo = TempoAt(plan, faster ? 1.12 : 0.88);
        return Idea.Remix(plan, "tempo", 0.15, new RemixOptions(Tempo: tempo), p => p.Tempo == tempo, faster
            ? new Words($"At {plan.Tempo} bpm it is calm: {tempo} bpm would lift it.",
                $"A {plan.Tempo} bpm es tranquila: {tempo} bpm le darían impulso.")
            : new Words($"At {plan.Tempo} bpm it drives hard: {tempo} bpm would let it breathe.",
                $"A {plan.Tempo} bpm va con fuerza: {tempo} bpm la dejarían respirar."));
    }
}
