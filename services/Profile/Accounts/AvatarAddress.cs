namespace Son1kVers3.Profile.Accounts;

/// <summary>Where a member's picture is.</summary>
internal static class AvatarAddress
{
    /// <summary>Relative to the public origin; changes with the picture, so that it can be cached for ever. Null without a picture.</summary>
    public static string? Of(string username, string? version) => version is null ? null : $"/api/profiles/{username}/avatar?v={version}";
}
