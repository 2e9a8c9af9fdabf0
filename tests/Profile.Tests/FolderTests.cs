using Son1kVers3.Testing;

namespace Son1kVers3.Profile.Tests;

/// <summary>The folders of the service depend one way: each only on those before it.</summary>
[Trait("Category", "Unit")]
public sealed class FolderTests
{
    /// <summary>From the model up to what stands on everything.</summary>
    private static readonly FolderOrder Order = new(
        "Profile",
        "Data", "PersonalData", "Passwords", "Tokens", "Accounts", "Analytics", "Members", "Tracks", "Mail", "Badges", "Notifications", "Digest", "Awards", "Entitlements", "Sessions", "Push", "SecondFactor", "Login", "Keys",
        "Wall", "Comments", "Follows", "Collections", "Profiles", "Avatars", "Reports", "Challenges", "Share", "Alvae", "Credentials", "SignUp", "Admin", "Deletion", "Export", "Search");

    [Fact]
    public void Folder_WhenItUsesOthers_UsesOnlyThoseBelow() => Assert.Empty(Order.Violations());
}
