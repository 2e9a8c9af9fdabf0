using Son1kVers3.ServiceDefaults.Validation;

namespace Son1kVers3.Profile.Reports;

/// <summary>Something that a member reports.</summary>
/// <param name="OwnerId">Whose it is; null when they are gone.</param>
/// <param name="CreationId">The track that it is, or that it stands on.</param>
/// <param name="Excerpt">What it says.</param>
internal sealed record ReportedThing(Guid? OwnerId, Guid? CreationId, string Excerpt);

/// <summary>One kind of what can be reported: how it is found, taken out of sight and brought back. Works in the caller's transaction.</summary>
internal interface IReportSubject
{
    ReportKind Kind { get; }

    /// <summary>Null when it is not there, or when the viewer can't see it.</summary>
    Task<ReportedThing?> FindAsync(Guid id, Guid viewer, CancellationToken cancellationToken);

    /// <summary>False when it is no longer there.</summary>
    Task<bool> HideAsync(Report report, string reason, CancellationToken cancellationToken);

    /// <summary>For the last report whose decision hides it. What is no longer there stays away.</summary>
    Task RestoreAsync(Report report, CancellationToken cancellationToken);

    /// <summary>At most as much of a text as operators are shown.</summary>
    static string Excerpt(string text) => TextRules.Cut(text, Report.LongestExcerpt);
}
