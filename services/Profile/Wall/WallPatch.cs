using System.Text.Json.Serialization;
using FluentValidation;
using Son1kVers3.ServiceDefaults.Validation;

namespace Son1kVers3.Profile.Wall;

/// <summary>What of a wall entry changes: a field that is not there stays.</summary>
internal sealed class WallPatch
{
    public string? Description { get; set => (field, HasDescription) = (value, true); }

    public bool? Archived { get; set; }

    public bool? Pinned { get; set; }

    [JsonIgnore]
    public bool HasDescription { get; private set; }
}

internal sealed class WallPatchRules : AbstractValidator<WallPatch>
{
    public WallPatchRules() => RuleFor(p => p.Description).Prose(1000);
}

/// <summary>Several entries at once.</summary>
internal sealed record WallBulkPatch(IReadOnlyList<Guid>? Ids, bool? Archived);

internal sealed class WallBulkPatchRules : AbstractValidator<WallBulkPatch>
{
    public const int Most = 100;

    public WallBulkPatchRules()
    {
        RuleFor(p => p.Ids).Must(ids => ids is { Count: >= 1 and <= Most }).WithMessage($"1 to {Most} ids.");
        RuleFor(p => p.Archived).NotNull().WithMessage("true or false.");
    }
}
