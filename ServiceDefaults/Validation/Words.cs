using Son1kVers3.Contracts;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.ServiceDefaults.Validation;

/// <summary>Words of closed lists in queries, read as those in bodies are: in any letter case.</summary>
public static class Words
{
    /// <summary>What is called so; null without a word, 400 for another one.</summary>
    public static T? Read<T>(string field, string? text)
        where T : struct, Enum =>
        string.IsNullOrEmpty(text) ? null : EnumNames<T>.Values.TryGetValue(text, out var value) ? value : throw Unknown(field, EnumNames<T>.Values.Keys);

    /// <summary>The word as the list writes it; null without one, 400 for another one.</summary>
    public static string? Read(string field, string? text, IReadOnlyCollection<string> words) =>
        string.IsNullOrEmpty(text) ? null : words.FirstOrDefault(word => word.Equals(text, StringComparison.OrdinalIgnoreCase)) ?? throw Unknown(field, words);

    private static ProblemException Unknown(string field, IEnumerable<string> words) => Problem.Invalid(field, Expectation.OneOf(words));
}
