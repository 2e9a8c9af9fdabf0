using System.Text.Json.Serialization;
using FluentValidation;
using Son1kVers3.ServiceDefaults.Validation;

namespace Son1kVers3.Profile.Profiles;

/// <summary>What of the profile changes: a field that is not there stays, null empties it.</summary>
internal sealed class ProfilePatch
{
    public string? DisplayName { get; set => (field, HasDisplayName) = (value, true); }

    public string? Bio { get; set => (field, HasBio) = (value, true); }

    public IReadOnlyList<string?>? Links { get; set => (field, HasLinks) = (value, true); }

    [JsonIgnore]
    public bool HasDisplayName { get; private set; }

    [JsonIgnore]
    public bool HasBio { get; private set; }

    [JsonIgnore]
    public bool HasLinks { get; private set; }
}

internal sealed class ProfilePatchRules : AbstractValidator<ProfilePatch>
{
    private const int MostLinks = 8;
    private const int LongestLink = 300;

    public ProfilePatchRules()
    {
        RuleFor(p => p.DisplayName).Must(name => name is null || name.Trim().Length > 0).WithMessage("Some characters that show.").Because(FieldReasons.Required).Line(50);
        RuleFor(p => p.Bio).Prose(1000);
        RuleFor(p => p.Links).Must(links => links is null || links.Count <= MostLinks).WithMessage($"At most {MostLinks} links.").Because(FieldReasons.TooMany, max: MostLinks)
            .Must(links => links is null || links.All(IsLink)).WithMessage($"Each an http or https address of at most {LongestLink} characters.").Because(FieldReasons.WebAddress, max: LongestLink);
    }

    // The scheme matters: a page shows these as links, and "javascript:" is one, too.
    private static bool IsLink(string? link) =>
        link is { Length: <= LongestLink } && link.All(c => c is > ' ' and < '\x7f')
        && Uri.TryCreate(link, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.Host.Length > 0 && uri.UserInfo.Length == 0;
}
