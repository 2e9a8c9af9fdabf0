using System.Text.Json;
using System.Text.Json.Serialization;
using Son1kVers3.Studio.Text;

namespace Son1kVers3.Studio.Genres;

/// <summary>Every genre that the studio knows, read once from the embedded data files.</summary>
public static class GenreCatalog
{
    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        ReadCommentHandling = JsonCommentHandling.Skip,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
    };

    private static readonly Lazy<IReadOnlyList<Genre>> Loaded = new(LoadAll);

    /// <summary>All genres, ordered by slug.</summary>
    public static IReadOnlyList<Genre> All => Loaded.Value;

    /// <summary>The genre by slug, display name or one of its words, in any case; null when there is none.</summary>
    public static Genre? Find(string? name)
    {
        if (string.IsNullOrWhiteSpace(name))
        {
            return null;
        }

        var wanted = Words.Plain(name);
        return All.FirstOrDefault(genre => Words.Plain(genre.Slug) == wanted)
            ?? All.FirstOrDefault(genre => Words.Plain(genre.Name.En) == wanted || Words.Plain(genre.Name.Es) == wanted)
            ?? All.FirstOrDefault(genre => genre.Words.Contains(wanted, StringComparer.Ordinal));
    }

    private static List<Genre> LoadAll()
    {
        var assembly = typeof(GenreCatalog).Assembly;
        return [.. assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith("genre/", StringComparison.Ordinal))
            .Select(name =>
            {
                using var stream = assembly.GetManifestResourceStream(name)!;
                return WithEachStyle(
                    JsonSerializer.Deserialize<Genre>(stream, Json) ?? throw new InvalidDataException($"{name} is empty."));
            })
            .OrderBy(genre => genre.Slug, StringComparer.Ordinal)];
    }

    // Words for one style share an entry: "corrido|norteno".
    private static Genre WithEachStyle(Genre genre) => genre with
    {
        Styles = genre.Styles.SelectMany(style => style.Key.Split('|').Select(word => KeyValuePair.Create(word, style.Value)))
            .ToDictionary(StringComparer.Ordinal),
    };
}
