using Son1kVers3.Contracts;
using Son1kVers3.Profile.Badges;
using Son1kVers3.Profile.Notifications;

namespace Son1kVers3.Profile.Tests;

/// <summary>What pushes and digests say: words of the member's language, and no names of ours.</summary>
[Trait("Category", "Unit")]
public sealed class NotificationTextTests
{
    private static readonly string[] Ours =
    [
        .. Enum.GetValues<Badge>().SelectMany(badge => (string[])[$"{badge}", EnumNames<Badge>.Of(badge)]),
        .. Enum.GetValues<NotificationKind>().Where(kind => kind != NotificationKind.Followed).SelectMany(kind => (string[])[$"{kind}", EnumNames<NotificationKind>.Of(kind)]),
    ];

    [Theory]
    [InlineData("en")]
    [InlineData("es")]
    public void Text_OfEveryKindAndBadge_SaysNoNameOfOurs(string language)
    {
        foreach (var view in Views())
        {
            var text = NotificationTexts.Of(language, view);
            Assert.DoesNotContain(Ours, name => text.Contains(name, StringComparison.OrdinalIgnoreCase));
            Assert.DoesNotContain("null", text, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public void Text_OfEveryKindAndBadge_DiffersByLanguage() => Assert.DoesNotContain(Views(), view => NotificationTexts.Of("en", view) == NotificationTexts.Of("es", view));

    [Fact]
    public void Text_OfABadge_IsItsTitle()
    {
        var view = View(NotificationKind.BadgeAwarded, EnumNames<Badge>.Of(Badge.TopTen));
        Assert.Equal(("You earned a badge: Top 10", "Has ganado una insignia: Entre los 10 primeros"), (NotificationTexts.Of("en", view), NotificationTexts.Of("es", view)));
    }

    [Fact]
    public void Text_OfWhatIsIllegal_SaysSoInTheMembersLanguage()
    {
        var view = View(NotificationKind.TrackHidden, ModerateTrack.Illegal);
        Assert.Equal(("«Blue» was hidden: illegal content", "«Blue»: oculta: contenido ilegal"), (NotificationTexts.Of("en", view), NotificationTexts.Of("es", view)));
    }

    /// <summary>One of each kind, with the detail that it comes with; of badges each.</summary>
    private static IEnumerable<NotificationView> Views() => Enum.GetValues<NotificationKind>().SelectMany(kind => kind == NotificationKind.BadgeAwarded
        ? Enum.GetValues<Badge>().Select(badge => View(kind, EnumNames<Badge>.Of(badge)))
        : [View(kind, "7")]);

    private static NotificationView View(NotificationKind kind, string detail) => new(
        Guid.NewGuid(), kind, Guid.NewGuid(), "Blue", detail, [], 1, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, Read: false);
}
