using System.Text.Json.Serialization;
using Son1kVers3.Profile.Members;
using Son1kVers3.Profile.Wall;

namespace Son1kVers3.Profile.Collections;

/// <summary>A collection as a card shows it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Title">As its owner calls it.</param>
/// <param name="Owner">Whose it is.</param>
/// <param name="Editors">Who else may change its items, the earliest first.</param>
/// <param name="Visibility">Who sees it.</param>
/// <param name="Order">What orders it.</param>
/// <param name="ItemCount">How many items it has, placeholders included.</param>
/// <param name="Plays">How often it was played.</param>
/// <param name="Covers">Addresses of the first four covers that everybody may see.</param>
/// <param name="Mine">It is the caller's; null when anonymous.</param>
/// <param name="CanEdit">The caller may change its items.</param>
/// <param name="Version">Grows with every change; in quotes it is an <c>If-Match</c> of its items.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="UpdatedAt">When it changed last, votes aside.</param>
internal record CollectionView(
    Guid Id, string Title, MemberView Owner, IReadOnlyList<MemberView> Editors, CollectionVisibility Visibility, CollectionOrder Order, int ItemCount,
    long Plays, IReadOnlyList<string> Covers, bool? Mine, bool CanEdit, long Version, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

/// <summary>A collection with the first of its items.</summary>
/// <param name="Items">In their order.</param>
/// <param name="NextCursor">Of the list of items; null when these are all.</param>
internal sealed record CollectionPageView(
    [property: JsonIgnore] CollectionView Collection, IReadOnlyList<CollectionItemView> Items, string? NextCursor)
    : CollectionView(Collection);

/// <summary>A place in a collection.</summary>
/// <param name="Id">Of the item: the same track may be in a collection more than once.</param>
/// <param name="Position">Counted from 0, in the order that the collection has now.</param>
/// <param name="Rank">Orders the items of a collection by hand, the lowest first; its value means nothing else.</param>
/// <param name="Votes">How many members voted for it.</param>
/// <param name="Voted">The caller did; null when anonymous.</param>
/// <param name="AddedBy">Who put it there.</param>
/// <param name="AddedAt">When.</param>
/// <param name="Version">The collection's version when it was put at its place: in quotes its <c>ETag</c>.</param>
/// <param name="Track">The track's card; null, a placeholder, when it is private, hidden or deleted.</param>
internal sealed record CollectionItemView(
    Guid Id, int Position, long Rank, int Votes, bool? Voted, MemberView AddedBy, DateTimeOffset AddedAt, long Version, CardView? Track)
{
    /// <summary>Its entity tag.</summary>
    [JsonIgnore]
    public string ETag => CollectionETag.Of(Version);
}

/// <summary>How an item stands with the caller.</summary>
internal sealed record CollectionVoteView(Guid ItemId, bool Voted, int Votes);
