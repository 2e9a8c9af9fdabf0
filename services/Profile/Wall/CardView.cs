using System.Text.Json.Serialization;
using Son1kVers3.Contracts;

namespace Son1kVers3.Profile.Wall;

/// <summary>Whose track it is.</summary>
/// <param name="Username"><c>deleted</c> when the member is gone.</param>
/// <param name="DisplayName">As the member calls themselves.</param>
/// <param name="Alvae">Their badge, or null.</param>
/// <param name="Border">Its colour, or null.</param>
internal sealed record ArtistView(string Username, string DisplayName, AlvaeLevel? Alvae, string? Border);

/// <summary>How much a track is liked, played and talked about.</summary>
internal sealed record CardCounts(int Likes, long Plays, int Comments);

/// <summary>A track as a card shows it.</summary>
/// <param name="Id">Of the generation.</param>
/// <param name="Title">As it is called now.</param>
/// <param name="Artist">Who made it.</param>
/// <param name="Genre">As composed.</param>
/// <param name="Mood">As composed.</param>
/// <param name="Tempo">Beats a minute.</param>
/// <param name="Key">For example <c>A minor</c>.</param>
/// <param name="DurationSeconds">Its length.</param>
/// <param name="Quality">As made.</param>
/// <param name="Palette">The five colours of its cover.</param>
/// <param name="Peaks">Its waveform in 64 numbers, 0–100.</param>
/// <param name="Counts">Likes, plays, comments.</param>
/// <param name="Contributed">It is in the community pool.</param>
/// <param name="Mine">The caller made it; null when anonymous.</param>
/// <param name="Liked">The caller likes it; null when anonymous.</param>
/// <param name="Claimed">The caller claimed it; null when anonymous.</param>
/// <param name="Cover">Address of the cover; null where not everybody may see it.</param>
/// <param name="Audio">Address of the sound; null where not everybody may hear it.</param>
/// <param name="CreatedAt">When it was completed.</param>
internal record CardView(
    Guid Id, string Title, ArtistView Artist, string? Genre, string? Mood, double? Tempo, string? Key, double? DurationSeconds, Quality? Quality,
    IReadOnlyList<string> Palette, IReadOnlyList<int> Peaks, CardCounts Counts, bool Contributed, bool? Mine, bool? Liked, bool? Claimed, string? Cover, string? Audio,
    DateTimeOffset? CreatedAt);

/// <summary>A card on a wall.</summary>
/// <param name="Kind">music: made by the member; project: made from another track; collab: claimed from its artist.</param>
/// <param name="Description">The wall owner's words about it.</param>
/// <param name="Pinned">It stays on top.</param>
/// <param name="Archived">Only the owner sees it.</param>
/// <param name="Visibility">Who may hear it; told to its owner only.</param>
/// <param name="AddedAt">Since when it is on the wall.</param>
internal sealed record WallCardView(
    [property: JsonIgnore] CardView Card, string Kind, string? Description, bool Pinned, bool Archived, Visibility? Visibility, DateTimeOffset AddedAt)
    : CardView(Card);
