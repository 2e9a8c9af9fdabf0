using System.Globalization;
using Microsoft.Net.Http.Headers;

namespace Son1kVers3.Profile.Collections;

/// <summary>Entity tags of collections and their items: versions of the collection.</summary>
/// <remarks>
/// A tag says what its holder has seen: the collection up to this version. So an item's own tag matches, and that of the collection or of any other
/// item that was read later; until somebody else moves this item.
/// </remarks>
internal static class CollectionETag
{
    public static string Of(long version) => string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");

    /// <summary>Whether <c>If-Match</c> holds of an item; null when there is no such header, or nothing that could be one.</summary>
    public static bool? Matches(IEnumerable<EntityTagHeaderValue> tags, long itemVersion, long collectionVersion)
    {
        var any = false;
        foreach (var tag in tags)
        {
            any = true;
            if (tag.Equals(EntityTagHeaderValue.Any) || (VersionOf(tag) is { } seen && seen >= itemVersion && seen <= collectionVersion))
                return true;
        }

        return any ? false : null;
    }

    // Weak tags never match here (RFC 9110, 13.1.1).
    private static long? VersionOf(EntityTagHeaderValue tag) =>
        !tag.IsWeak && long.TryParse(tag.Tag.AsSpan().Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : null;
}
