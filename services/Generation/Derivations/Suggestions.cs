using Microsoft.EntityFrameworkCore;
using Son1kVers3.Generation.Data;
using Son1kVers3.Studio.Genres;
using Son1kVers3.Studio.Planning;
using Son1kVers3.Studio.Scores;

namespace Son1kVers3.Generation.Derivations;

/// <param name="Action">The part of the path to send <paramref name="Body"/> to: <c>remix</c>, <c>extend</c> or <c>variations</c>.</param>
/// <param name="Reason">English; <paramref name="ReasonEs"/> Spanish.</param>
/// <param name="Body">Can be sent as it is.</param>
internal sealed record Suggestion(string Action, string Reason, string ReasonEs, IReadOnlyDictionary<string, object> Body);

/// <param name="Items">Best first.</param>
internal sealed record SuggestionsView(IReadOnlyList<Suggestion> Items);

/// <summary>What a member makes: genres, most frequent first, and the usual tempo.</summary>
internal sealed record Taste(IReadOnlyList<string> Genres, double? Tempo);

/// <summary>Reads a member's taste from the last tracks.</summary>
internal sealed class TasteReader(GenerationDb db)
{
    private const int Last = 100;

    public async Task<Taste> ReadAsync(Guid user)
    {
        var genres = await db.Database.SqlQuery<string>(
            $"""
            SELECT genre AS "Value" FROM (
                SELECT genre FROM generations WHERE user_id = {user} AND deleted_at IS NULL AND status = 'completed' AND genre IS NOT NULL ORDER BY id DESC LIMIT {Last}) last
            GROUP BY genre ORDER BY count(*) DESC, genre
            """).ToListAsync();
        var tempo = await db.Database.SqlQuery<double?>(
            $"""
            SELECT avg((plan->>'tempo')::float8) AS "Value" FROM (
                SELECT plan FROM generations WHERE user_id = {user} AND deleted_at IS NULL AND status = 'completed' AND plan IS NOT NULL ORDER BY id DESC LIMIT {Last}) last
            """).ToListAsync();
        return new Taste(genres, tempo[0]);
    }
}

/// <summary>The remix assistant: looks at what a piece is, and at what its listener likes, for what is missing.</summary>
internal static class Suggestions
{
    private const int Short = 90;
    private const double FarTempo = 0.15;

    /// <summary>Three to six suggestions; the same for the same facts.</summary>
    public static IReadOnlyList<Suggestion> For(Plan plan, Taste taste)
    {
        var suggestions = new List<Suggestion>();
        if (StyleFor(plan, taste) is { } style)
            suggestions.Add(style);
        suggestions.Add(TempoFor(plan, taste));
        suggestions.Add(KeyFor(plan));
        suggestions.Add(InstrumentFor(plan));
        if (plan.DurationSeconds <= Short)
        {
            suggestions.Add(new Suggestion(
                "extend", $"It ends after {plan.DurationSeconds} s; there is room for a bridge and another chorus.",
                $"Termina a los {plan.DurationSeconds} s; hay sitio para un puente y otro estribillo.", Body(("seconds", 45))));
        }

        suggestions.Add(new Suggestion("variations", "Hear two other takes of the same idea.", "Escucha otras dos tomas de la misma idea.", Body()));
        return suggestions;
    }

    /// <summary>The genre the listener makes most besides this one; for someone without a history the one whose energy differs most at a tempo this piece can take.</summary>
    private static Suggestion? StyleFor(Plan plan, Taste taste)
    {
        var liked = taste.Genres.Select(GenreCatalog.Find).FirstOrDefault(g => g is not null && g.Slug != plan.Genre);
        if (liked is not null)
        {
            return new Suggestion(
                "remix", $"You often make {liked.Name.En}: hear this piece that way.", $"Haces mucho {liked.Name.Es}: escucha así esta pieza.", Body(("style", liked.Slug)));
        }

        var contrast = GenreCatalog.All.Where(g => g.Slug != plan.Genre && g.Tempo.Min <= plan.Tempo && plan.Tempo <= g.Tempo.Max)
            .OrderByDescending(g => Math.Abs(g.Energy - plan.Energy)).ThenBy(g => g.Slug, StringComparer.Ordinal).FirstOrDefault();
        return contrast is null ? null : new Suggestion(
            "remix", $"The same tempo carries {contrast.Name.En}, a strong contrast.", $"El mismo tempo admite {contrast.Name.Es}, un buen contraste.", Body(("style", contrast.Slug)));
    }

    private static Suggestion TempoFor(Plan plan, Taste taste)
    {
        if (taste.Tempo is { } usual && Math.Abs(usual - plan.Tempo) / plan.Tempo > FarTempo)
        {
            var tempo = Math.Clamp((int)Math.Round(usual), 40, 240);
            return new Suggestion(
                "remix", $"Your tracks run at about {tempo} bpm; this one at {plan.Tempo}.", $"Tus temas van a unos {tempo} bpm; este va a {plan.Tempo}.", Body(("tempo", tempo)));
        }

        var faster = plan.Energy < 0.5;
        var changed = Math.Clamp((int)Math.Round(plan.Tempo * (faster ? 1.12 : 0.88)), 40, 240);
        return faster
            ? new Suggestion("remix", $"It is calm: {changed} bpm would lift it.", $"Es tranquilo: {changed} bpm le daría impulso.", Body(("tempo", changed)))
            : new Suggestion("remix", $"It drives hard: {changed} bpm would let it breathe.", $"Va con fuerza: {changed} bpm lo dejaría respirar.", Body(("tempo", changed)));
    }

    private static Suggestion KeyFor(Plan plan)
    {
        var key = plan.ParsedKey;
        var other = Key.Of(key.Tonic, !key.Minor);
        return key.Minor
            ? new Suggestion("remix", $"In {other.Name} the same melody turns bright.", $"En {other.Name} la misma melodía se vuelve luminosa.", Body(("key", other.Name)))
            : new Suggestion("remix", $"In {other.Name} the same melody turns dark.", $"En {other.Name} la misma melodía se vuelve oscura.", Body(("key", other.Name)));
    }

    private static Suggestion InstrumentFor(Plan plan)
    {
        PartRole[] wanted = [PartRole.Strings, PartRole.Counter, PartRole.Pad, PartRole.Lead];
        var missing = wanted.FirstOrDefault(role => plan.Voices.All(v => v.Role != role), PartRole.Counter);
        var used = plan.Voices.Select(v => v.Instrument).ToHashSet();
        var instrument = InstrumentCatalog.All.FirstOrDefault(i => i.Role == missing && !used.Contains(i.Slug) && !plan.Excluded.Contains(i.Slug))
            ?? InstrumentCatalog.All.First(i => !used.Contains(i.Slug));
        return new Suggestion(
            "remix", $"Nothing plays the part of {instrument.Name} yet.", $"Todavía falta {instrument.Name} en el arreglo.", Body(("prompt", $"with {instrument.Name.ToLowerInvariant()}")));
    }

    private static Dictionary<string, object> Body(params ReadOnlySpan<(string Name, object Value)> members)
    {
        var body = new Dictionary<string, object>();
        foreach (var (name, value) in members)
            body[name] = value;
        return body;
    }
}
