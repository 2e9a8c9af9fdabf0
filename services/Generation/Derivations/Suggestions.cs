using System.Globalization;
using Son1kVers3.Studio.Listening;
using Son1kVers3.Studio.Planning;

namespace Son1kVers3.Generation.Derivations;

/// <param name="Action">The part of the path to send <paramref name="Body"/> to: <c>remix</c>, <c>extend</c> or <c>variations</c>.</param>
/// <param name="Reason">English; <paramref name="ReasonEs"/> Spanish.</param>
/// <param name="Body">Can be sent as it is.</param>
internal sealed record Suggestion(string Action, string Reason, string ReasonEs, IReadOnlyDictionary<string, object> Body);

/// <param name="Items">Best first.</param>
internal sealed record SuggestionsView(IReadOnlyList<Suggestion> Items);

/// <summary>The remix assistant: listens to a piece, and looks at what its listener likes, for what could be made of it next.</summary>
internal static class Suggestions
{
    private const int Most = 6;

    /// <summary>Three to six suggestions, strongest first; the same for the same facts.</summary>
    /// <param name="heard">Null when nobody could listen: the plan alone speaks then.</param>
    public static IReadOnlyList<Suggestion> For(Plan plan, TrackAnalysis? heard, Taste taste)
    {
        IEnumerable<Idea?> ideas = [.. heard is null ? [] : HeardIdeas.For(plan, heard), .. PlanIdeas.For(plan, heard, taste)];
        return [.. ideas.OfType<Idea>().OrderByDescending(i => i.Strength).DistinctBy(i => i.About).Take(Most).Select(i => i.Suggestion)];
    }
}

/// <summary>A suggestion, and how much speaks for it.</summary>
/// <param name="About">What it changes: only the strongest idea about a thing is told.</param>
/// <param name="Strength">0–1.</param>
internal sealed record Idea(string About, double Strength, Suggestion Suggestion)
{
    /// <summary>A remix; null when the piece is like that already, or would not become so.</summary>
    /// <param name="holds">What the remix is for, asked of its plan and, to be worth it, denied by the piece's own.</param>
    public static Idea? Remix(Plan plan, string about, double strength, RemixOptions options, Func<Plan, bool> holds, Words words) =>
        !holds(plan) && holds(Relatives.Remix(plan, options))
            ? new Idea(about, strength, new Suggestion("remix", words.En, words.Es, BodyOf(options)))
            : null;

    private static Dictionary<string, object> BodyOf(RemixOptions options)
    {
        (string Name, object? Value)[] members =
            [("style", options.Style), ("tempo", options.Tempo), ("key", options.Key), ("prompt", options.Prompt)];
        return members.Where(m => m.Value is not null).ToDictionary(m => m.Name, m => m.Value!);
    }
}

/// <summary>A sentence in both languages.</summary>
internal sealed record Words(string En, string Es);

/// <summary>A number as each language writes it.</summary>
internal readonly record struct Figure(double Value, string Format = "0.0")
{
    public string En => Value.ToString(Format, CultureInfo.InvariantCulture);

    public string Es => En.Replace('.', ',');
}
