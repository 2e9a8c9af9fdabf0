using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Profile.Reports;

/// <summary>How a report goes on.</summary>
internal static class ReportRules
{
    /// <summary>Where a decision leads to; null when it does not fit to where the report stands.</summary>
    public static ReportStatus? After(ReportStatus status, ReportAction action) => (status, action) switch
    {
        (ReportStatus.Open, ReportAction.Dismiss) => ReportStatus.Dismissed,
        (ReportStatus.Open, ReportAction.Hide) => ReportStatus.Hidden,
        (ReportStatus.Appealed, ReportAction.Uphold) => ReportStatus.Upheld,
        // Also unasked: operators, too, see their mistakes.
        (_, ReportAction.Restore) when Hides(status) => ReportStatus.Restored,
        _ => null,
    };

    /// <summary>Why a decision does not fit to where the report stands.</summary>
    public static ProblemException Refusal(ReportStatus status, ReportAction action)
    {
        var (slug, detail) = (status, action) switch
        {
            (ReportStatus.Open, _) => ("not-resolved", "Nobody has decided about this report yet: dismiss it, or hide what it is about."),
            (ReportStatus.Hidden, ReportAction.Uphold) => ("not-appealed", "Its owner has not appealed: it stays hidden as it is."),
            _ => ("already-resolved", "This was decided before, and does not fit to where the report stands."),
        };
        return Problem.Of(409, slug, detail, null, ("reportStatus", status));
    }

    /// <summary>Whether the decision hides what was reported: as long as one of its reports stands so, it is out of sight.</summary>
    public static bool Hides(ReportStatus status) => status is ReportStatus.Hidden or ReportStatus.Appealed or ReportStatus.Upheld;

    /// <summary>Whether the owner of what was reported knows of the report: only once something was done about it.</summary>
    public static bool IsToldToOwner(ReportStatus status) => status is not (ReportStatus.Open or ReportStatus.Dismissed);

    /// <summary>What who reported it hears: whether it is out of sight, not what its owner says to that.</summary>
    public static ReportStatus ForReporter(ReportStatus status) => status is ReportStatus.Appealed or ReportStatus.Upheld ? ReportStatus.Hidden : status;
}
