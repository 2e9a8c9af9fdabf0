using System.Text.Json;

namespace Son1kVers3.Billing.Payments;

/// <summary>Stripe's words (<c>past_due</c>) and our enums (<c>PastDue</c>).</summary>
internal static class StripeWords
{
    /// <summary>As Stripe writes it; so it stands in our tables and answers, too.</summary>
    public static string ToWord<T>(this T value)
        where T : struct, Enum => Words<T>.Texts[value];

    /// <summary>A word that is new to us is <paramref name="otherwise"/>.</summary>
    public static T Parse<T>(string? word, T otherwise)
        where T : struct, Enum => word is not null && Words<T>.Values.TryGetValue(word, out var value) ? value : otherwise;

    private static class Words<T>
        where T : struct, Enum
    {
        public static readonly Dictionary<T, string> Texts = Enum.GetValues<T>()
            .ToDictionary(v => v, v => JsonNamingPolicy.SnakeCaseLower.ConvertName(v.ToString()));
        public static readonly Dictionary<string, T> Values = Texts.ToDictionary(p => p.Value, p => p.Key);
    }
}
