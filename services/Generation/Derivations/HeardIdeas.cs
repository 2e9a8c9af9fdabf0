using Son1kVers3.Studio.Genres;
using Son1kVers3.Studio.Listening;
using Son1kVers3.Studio.Planning;
using Son1kVers3.Studio.Scores;

namespace Son1kVers3.Generation.Derivations;

/// <summary>What the ear misses in a recording, and a change that gives it.</summary>
/// <remarks>
/// A limit is where about the outermost quarter of the studio's own tracks begins, and a remedy is one that moved the measure the right way
/// when it was rendered and measured again.
/// </remarks>
internal static class HeardIdeas
{
    /// <summary>What each rule says of the piece; null where it has nothing to say.</summary>
    public static IEnumerable<Idea?> For(Plan plan, TrackAnalysis heard) =>
        [Contrast(plan, heard), Flat(plan, heard), Thin(plan, heard), Boomy(plan, heard), Dark(plan, heard), Bright(plan, heard),
            Narrow(plan, heard), Busy(plan, heard), Sparse(plan, heard)];

    // Chorus and verse are as far apart as the number of instruments that wait for the chorus.
    private static Idea? Contrast(Plan plan, TrackAnalysis heard)
    {
        if (heard.ChorusGainLu is not { } gain || gain >= 3)
            return null;
        var (verse, chorus) = (EnergyOf(plan, "verse"), EnergyOf(plan, "chorus"));
        double Waiting(Genre genre) => genre.Parts.Count(p => p.From > verse && p.From <= chorus) / (double)genre.Parts.Count;
        var own = GenreCatalog.Find(plan.Genre);
        var other = GenreCatalog.All.Where(g => g != own && g.Tempo.Min <= plan.Tempo && plan.Tempo <= g.Tempo.Max).MaxBy(Waiting);
        if (other is null || (own is not null && Waiting(other) <= Waiting(own)))
            return null;
        var louder = new Figure(Math.Abs(gain));
        var words = gain < -0.05
            ? new Words(
                $"The chorus is {louder.En} LU quieter than the verse; in {other.Name.En} more instruments wait for it.",
                $"El estribillo suena {louder.Es} LU más bajo que la estrofa; "
                + $"en {other.Name.Es} más instrumentos se reservan para él.")
            : new Words(
                $"The chorus is only {louder.En} LU louder than the verse; in {other.Name.En} more instruments wait for it.",
                $"El estribillo suena solo {louder.Es} LU más fuerte que la estrofa; "
                + $"en {other.Name.Es} más instrumentos se reservan para él.");
        return Idea.Remix(plan, "style", Strength(gain, 3, 0), new RemixOptions(Style: other.Slug), p => p.Genre == other.Slug, words);
    }

    private static Idea? Flat(Plan plan, TrackAnalysis heard)
    {
        var range = new Figure(heard.LoudnessRangeLu);
        return heard.LoudnessRangeLu >= 4.9
            ? null
            : Growth.Of(plan, Strength(heard.LoudnessRangeLu, 4.9, 1), "break", (seconds, added) => new Words(
            $"Only {range.En} LU lie between its quiet and its loud passages; {seconds} s more bring {added.En}.",
            $"Solo hay {range.Es} LU entre lo más suave y lo más fuerte; {seconds} s más traen {added.Es}."));
    }

    private static Idea? Thin(Plan plan, TrackAnalysis heard)
    {
        var share = Percent(heard.LowShare);
        return heard.LowShare >= 0.2 ? null : With(plan, Strength(heard.LowShare, 0.2, 0), ["sub-bass"], i => new Words(
            $"Little happens below 120 Hz: {share} of the energy; {i.Name} would give it ground.",
            $"Poco ocurre por debajo de 120 Hz: un {share} de la energía; con {i.NameEs} tendría suelo."));
    }

    private static Idea? Boomy(Plan plan, TrackAnalysis heard)
    {
        var share = Percent(heard.LowShare);
        return heard.LowShare <= 0.42 ? null : With(plan, Strength(heard.LowShare, 0.42, 0.75), ["finger-bass"], i => new Words(
            $"{share} of the energy lies below 120 Hz; {i.Name} would be leaner.",
            $"Un {share} de la energía está por debajo de 120 Hz; con {i.NameEs} sería más ligera."));
    }

    private static Idea? Dark(Plan plan, TrackAnalysis heard)
    {
        var centre = Kilohertz(heard.BrightnessHertz);
        return heard.BrightnessHertz >= 3000
            ? null
            : With(plan, Strength(heard.BrightnessHertz, 3000, 500), ["latin-percussion", "electronic-kit"], i => new Words(
            $"It sounds dark: its weight lies at {centre.En} kHz; {i.Name} would add sparkle.",
            $"Suena oscura: su peso está en {centre.Es} kHz; con {i.NameEs} ganaría brillo."));
    }

    // Cymbals and hats decide: no other instrument that is added outweighs them.
    private static Idea? Bright(Plan plan, TrackAnalysis heard)
    {
        var centre = Kilohertz(heard.BrightnessHertz);
        return heard.BrightnessHertz <= 4800 ? null : Idea.Remix(
            plan, "drums", Strength(heard.BrightnessHertz, 4800, 8000), new RemixOptions(Prompt: "without drums"), p =>
                p.Voices.All(v => v.Role is not (PartRole.Drums or PartRole.Percussion)), new Words(
                $"It sounds bright: its weight lies at {centre.En} kHz; without drums it would be mellow.",
                $"Suena brillante: su peso está en {centre.Es} kHz; sin batería sería más cálida."));
    }

    private static Idea? Narrow(Plan plan, TrackAnalysis heard)
    {
        var share = Percent(heard.StereoWidth);
        return heard.StereoWidth >= 0.045 ? null : With(plan, Strength(heard.StereoWidth, 0.045, 0), ["strings", "choir"], i => new Words(
            $"It is nearly mono: the channels differ in {share} of the energy; {i.Name} would open it.",
            $"Es casi mono: los canales difieren en un {share} de la energía; con {i.NameEs} ganaría amplitud."));
    }

    private static Idea? Busy(Plan plan, TrackAnalysis heard)
    {
        var (attacks, tempo) = (new Figure(heard.OnsetsPerSecond), PlanIdeas.TempoAt(plan, 0.88));
        return heard.OnsetsPerSecond <= 5.3 ? null : Idea.Remix(
            plan, "tempo", Strength(heard.OnsetsPerSecond, 5.3, 10), new RemixOptions(Tempo: tempo), p => p.Tempo == tempo, new Words(
            $"It hardly rests, with {attacks.En} attacks a second at {plan.Tempo} bpm; {tempo} bpm would let it breathe.",
            $"Apenas descansa, con {attacks.Es} ataques por segundo a {plan.Tempo} bpm; {tempo} bpm la dejarían respirar."));
    }

    private static Idea? Sparse(Plan plan, TrackAnalysis heard)
    {
        var (attacks, tempo) = (new Figure(heard.OnsetsPerSecond), PlanIdeas.TempoAt(plan, 1.12));
        return heard.OnsetsPerSecond >= 3.2 ? null : Idea.Remix(
            plan, "tempo", Strength(heard.OnsetsPerSecond, 3.2, 0.5), new RemixOptions(Tempo: tempo), p => p.Tempo == tempo, new Words(
            $"It moves calmly, with {attacks.En} attacks a second at {plan.Tempo} bpm; {tempo} bpm would lift it.",
            $"Se mueve con calma, con {attacks.Es} ataques por segundo a {plan.Tempo} bpm; {tempo} bpm le darían impulso."));
    }

    /// <summary>The first of some instruments that the piece lacks and that a remix would bring in.</summary>
    private static Idea? With(Plan plan, double strength, IReadOnlyList<string> slugs, Func<Instrument, Words> words) =>
        slugs.Select(InstrumentCatalog.Get).Select(i => PlanIdeas.With(plan, strength, i, words(i)))
            .FirstOrDefault(idea => idea is not null);

    private static double EnergyOf(Plan plan, string section) =>
        plan.Form.Where(s => s.Section == section).Select(s => s.Energy).DefaultIfEmpty(0).Max();

    /// <summary>0.4 at the limit of what is usual, 1 at the extreme.</summary>
    private static double Strength(double value, double limit, double extreme) =>
        0.4 + (0.6 * Math.Clamp((value - limit) / (extreme - limit), 0, 1));

    private static string Percent(double share) => $"{(int)Math.Round(share * 100)}%";

    private static Figure Kilohertz(double hertz) => new(hertz / 1000);
}
