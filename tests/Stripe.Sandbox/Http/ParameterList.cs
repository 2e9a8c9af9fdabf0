namespace Son1kVers3.Stripe.Sandbox.Http;

/// <summary>
/// The parameters that an endpoint takes, written compactly: names apart by spaces, <c>.</c> goes down a level, <c>[]</c> is an
/// index, <c>*</c> any name, <c>**</c> anything from here on. A leading <c>!</c> marks what Stripe takes and the sandbox does not emulate.
/// </summary>
internal sealed class ParameterList
{
    private readonly string[][] _accepted;
    private readonly string[][] _notEmulated;

    public ParameterList(string text)
    {
        var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        _accepted = [["expand", "[]"], .. words.Where(word => word[0] != '!').Select(Pattern)];
        _notEmulated = [.. words.Where(word => word[0] == '!').Select(word => Pattern($"{word[1..]}.**"))];
    }

    /// <exception cref="StripeException">400 for the first parameters that are unknown or not emulated.</exception>
    public void Check(Form form)
    {
        var unknown = form.Fields.Where(field => !_accepted.Any(pattern => Matches(pattern, field.Path))).ToArray();
        if (unknown.Length == 0)
        {
            return;
        }

        if (unknown.FirstOrDefault(field => _notEmulated.Any(pattern => Matches(pattern, field.Path))) is { } known)
        {
            throw StripeException.NotEmulated(known.Name);
        }

        var names = string.Join(", ", unknown.Select(field => field.Name));
        throw StripeException.Invalid(
            $"Received unknown parameter{(unknown.Length > 1 ? "s" : "")}: {names}", unknown[0].Name, "parameter_unknown");
    }

    private static string[] Pattern(string word) => word.Replace("[]", ".[]", StringComparison.Ordinal).Split('.');

    private static bool Matches(ReadOnlySpan<string> pattern, ReadOnlySpan<string> path)
    {
        if (pattern.Length == 0)
        {
            return path.Length == 0;
        }

        if (pattern[0] == "**")
        {
            return true;
        }

        return path.Length > 0
            && (pattern[0] == path[0] || pattern[0] == "*" || (pattern[0] == "[]" && path[0].All(char.IsAsciiDigit)))
            && Matches(pattern[1..], path[1..]);
    }
}
