using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Son1kVers3.ServiceDefaults.Problems;
using Son1kVers3.ServiceDefaults.Validation;

namespace Son1kVers3.Profile.Search;

/// <summary>What is searched.</summary>
internal enum SearchType
{
    Tracks,
    People,
    Collections,
    Pool,
}

/// <summary>The query of a search; parameters as in CONTRACT.</summary>
/// <param name="Q">What was typed so far, at most 200 characters.</param>
/// <param name="Type">tracks (default), people, collections or pool.</param>
/// <param name="Genre">Exactly this one, in any case.</param>
/// <param name="Mood">Exactly this one, in any case.</param>
/// <param name="BpmMin">Beats a minute, at least.</param>
/// <param name="BpmMax">Beats a minute, at most.</param>
/// <param name="Key">For example <c>A minor</c>.</param>
/// <param name="SimilarTo">A track that the caller may hear: others that sound like it, instead of <c>q</c>.</param>
internal sealed record SearchRequest(
    [FromQuery(Name = "q")] string? Q,
    [FromQuery(Name = "type")] string? Type,
    [FromQuery(Name = "genre")] string? Genre,
    [FromQuery(Name = "mood")] string? Mood,
    [FromQuery(Name = "bpmMin")] double? BpmMin,
    [FromQuery(Name = "bpmMax")] double? BpmMax,
    [FromQuery(Name = "key")] string? Key,
    [FromQuery(Name = "similarTo")] Guid? SimilarTo);

/// <summary>A search that can be run.</summary>
/// <param name="Text">Trimmed; empty for none.</param>
/// <param name="Type">What is searched.</param>
/// <param name="Lexemes">The filters as a <c>tsquery</c> over the document's own lexemes; empty for none.</param>
/// <param name="BpmMin">0 for none.</param>
/// <param name="BpmMax">A number that no tempo reaches for none.</param>
/// <param name="SimilarTo">Or null.</param>
/// <param name="Narrowest">Without a text: the column of the filter that lets the fewest tracks through, or null; its index knows the newest of each value.</param>
/// <param name="NarrowestValue">What that column must be, in lower case.</param>
internal sealed record SearchFilter(
    string Text, SearchType Type, string Lexemes, double BpmMin, double BpmMax, Guid? SimilarTo, string? Narrowest = null, string NarrowestValue = "")
{
    private const double FastestBpm = 400;

    /// <summary>400 for what can't be asked.</summary>
    public static SearchFilter Of(SearchRequest request)
    {
        var errors = new Dictionary<string, string[]>();
        if (request.Q?.Length > 200)
            errors["q"] = ["At most 200 characters."];
        foreach (var (name, value) in new[] { ("genre", request.Genre), ("mood", request.Mood), ("key", request.Key) })
        {
            if (value?.Length > 100)
                errors[name] = ["At most 100 characters."];
        }

        var type = Words.Read<SearchType>("type", request.Type) ?? SearchType.Tracks;
        foreach (var (name, value) in new[] { ("bpmMin", request.BpmMin), ("bpmMax", request.BpmMax) })
        {
            if (value is not null and not (>= 0 and <= FastestBpm))
                errors[name] = [$"A number from 0 to {FastestBpm}."];
        }

        if (request.SimilarTo is not null && !string.IsNullOrWhiteSpace(request.Q))
            errors["similarTo"] = ["Either q or similarTo."];
        if (request.SimilarTo is not null && type is SearchType.People or SearchType.Collections)
            errors["similarTo"] = ["Of tracks and pool only."];
        if (errors.Count > 0)
            throw Problem.Invalid(errors);
        var text = request.Q?.Trim() ?? "";
        var (column, least) = text.Length == 0 && request.SimilarTo is null && type is SearchType.Tracks or SearchType.Pool ? NarrowestOf(request) : (null, "");
        return new SearchFilter(text, type, LexemesOf(request, except: column), request.BpmMin ?? 0, request.BpmMax ?? FastestBpm, request.SimilarTo, column, least);
    }

    // There are 29 genres, 24 keys, and fewer moods.
    private static (string? Column, string Value) NarrowestOf(SearchRequest request)
    {
        foreach (var (column, value) in new[] { ("genre", request.Genre), ("key", request.Key), ("mood", request.Mood) })
        {
            if (!string.IsNullOrWhiteSpace(value))
                return (column, value.Trim().ToLowerInvariant());
        }

        return (null, "");
    }

    // What a column compares is no lexeme besides: PostgreSQL would take the two for independent, expect too few rows, and sort all of them.
    private static string LexemesOf(SearchRequest request, string? except)
    {
        var all = new List<string>();
        foreach (var (name, value) in new[] { ("genre", request.Genre), ("mood", request.Mood), ("key", request.Key) })
        {
            if (name != except && !string.IsNullOrWhiteSpace(value))
                all.Add(Quote($"{name}:{value.Trim().ToLowerInvariant()}"));
        }

        // Tens of beats narrow the index; the exact bounds are compared with the row.
        if (request.BpmMin is not null || request.BpmMax is not null)
        {
            var (first, last) = ((int)((request.BpmMin ?? 0) / 10), (int)((request.BpmMax ?? FastestBpm) / 10));
            var tens = Enumerable.Range(first, Math.Max(1, last - first + 1)).Select(ten => Quote(string.Create(CultureInfo.InvariantCulture, $"bpm:{ten}")));
            all.Add($"({string.Join(" | ", tens)})");
        }

        return string.Join(" & ", all);
    }

    private static string Quote(string lexeme) => $"'{lexeme.Replace(@"\", @"\\").Replace("'", "''")}'";
}
