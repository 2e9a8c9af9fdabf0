using Son1kVers3.Studio.Planning;

namespace Son1kVers3.Generation.Derivations;

/// <summary>Extensions, told by the sections that they really bring.</summary>
internal static class Growth
{
    private static readonly int[] Lengths = [45, 60, 30, 90];

    private static readonly Dictionary<string, Words> Sections = new()
    {
        ["verse"] = new("a verse", "una estrofa"),
        ["pre-chorus"] = new("a pre-chorus", "un precoro"),
        ["chorus"] = new("a chorus", "un estribillo"),
        ["bridge"] = new("a bridge", "un puente"),
        ["solo"] = new("a solo", "un solo"),
        ["break"] = new("a break", "una pausa"),
        ["build"] = new("a build-up", "una subida"),
    };

    /// <summary>The first usual length that brings something, or what is wanted; null when none does.</summary>
    /// <param name="wanted">A section that must be among what is new; null takes any.</param>
    /// <param name="words">Says why, given the seconds and what they bring.</param>
    public static Idea? Of(Plan plan, double strength, string? wanted, Func<int, Words, Words> words)
    {
        // A closing outro makes room.
        var kept = plan.Form.Count - (plan.Form.Count > 1 && plan.Form[^1].Section == "outro" ? 1 : 0);
        foreach (var seconds in Lengths)
        {
            var extended = Relatives.Extend(plan, seconds);
            var added = extended.Form.Skip(kept).Select(s => s.Section).Where(Sections.ContainsKey).Distinct().ToList();
            if (extended.DurationSeconds != plan.DurationSeconds + seconds || added.Count == 0
                || (wanted is not null && !added.Contains(wanted)))
                continue;
            var why = words(
                seconds, new Words(Join(added.Select(s => Sections[s].En), "and"), Join(added.Select(s => Sections[s].Es), "y")));
            return new Idea(
                "length", strength, new Suggestion("extend", why.En, why.Es, new Dictionary<string, object> { ["seconds"] = seconds }));
        }

        return null;
    }

    private static string Join(IEnumerable<string> names, string and)
    {
        var all = names.ToList();
        return all.Count == 1 ? all[0] : $"{string.Join(", ", all[..^1])} {and} {all[^1]}";
    }
}
