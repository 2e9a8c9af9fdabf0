using FluentValidation;
using Son1kVers3.ServiceDefaults.Validation;

namespace Son1kVers3.Profile.Collections;

/// <summary>A new collection.</summary>
/// <param name="Title">1 to 120 characters.</param>
/// <param name="Visibility">private unless told.</param>
/// <param name="Order">manual unless told.</param>
internal sealed record CollectionRequest(string? Title, CollectionVisibility? Visibility, CollectionOrder? Order);

/// <summary>What changes; what is left out stays.</summary>
internal sealed record CollectionPatch(string? Title, CollectionVisibility? Visibility, CollectionOrder? Order);

/// <summary>A track to add.</summary>
internal sealed record CollectionItemRequest(Guid? GenerationId);

/// <summary>Where an item goes.</summary>
/// <param name="Position">Counted from 0 in the list as it is when the request arrives; beyond its end is its end.</param>
internal sealed record CollectionItemPatch(int? Position);

/// <summary>Who is to be an editor.</summary>
internal sealed record CollectionEditorRequest(string? Username);

internal sealed class CollectionRequestRules : AbstractValidator<CollectionRequest>
{
    public const int LongestTitle = 120;

    public CollectionRequestRules() => RuleFor(r => r.Title).NotEmpty().WithMessage("A title.").Line(LongestTitle);
}

internal sealed class CollectionPatchRules : AbstractValidator<CollectionPatch>
{
    public CollectionPatchRules() => RuleFor(r => r.Title).Must(title => title is null || !string.IsNullOrWhiteSpace(title)).WithMessage("A title.").Because(FieldReasons.Required)
        .Line(CollectionRequestRules.LongestTitle);
}

internal sealed class CollectionItemRequestRules : AbstractValidator<CollectionItemRequest>
{
    public CollectionItemRequestRules() => RuleFor(r => r.GenerationId).NotNull().WithMessage("The id of a track's generation.");
}

internal sealed class CollectionItemPatchRules : AbstractValidator<CollectionItemPatch>
{
    public CollectionItemPatchRules() => RuleFor(r => r.Position).NotNull().WithMessage("A place, counted from 0.")
        .GreaterThanOrEqualTo(0).WithMessage("A place, counted from 0.");
}

internal sealed class CollectionEditorRequestRules : AbstractValidator<CollectionEditorRequest>
{
    public CollectionEditorRequestRules() => RuleFor(r => r.Username).NotEmpty().WithMessage("A username.");
}
