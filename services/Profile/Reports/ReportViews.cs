using Son1kVers3.Profile.Members;

namespace Son1kVers3.Profile.Reports;

/// <summary>What was decided.</summary>
/// <param name="Action">What was done.</param>
/// <param name="Reason">Why; told to the owner of what was reported alone.</param>
/// <param name="At">When.</param>
internal sealed record DecisionView(ReportAction Action, string? Reason, DateTimeOffset At);

/// <summary>What the owner of what was reported says to it.</summary>
internal sealed record AppealView(string Text, DateTimeOffset At);

/// <summary>A report as it is seen by who made it, or by who owns what was reported.</summary>
/// <param name="Id">Of the report.</param>
/// <param name="Kind">What was reported.</param>
/// <param name="SubjectId">Of the track, comment or account.</param>
/// <param name="Excerpt">What it said.</param>
/// <param name="Mine">True: the caller reported it. False: it is about something of the caller's.</param>
/// <param name="Reason">The caller's own, of who reported it.</param>
/// <param name="Status">Where it stands; who reported it does not hear of appeals.</param>
/// <param name="Decision">The latest one, or null.</param>
/// <param name="Appeal">The caller's own, or null.</param>
internal sealed record ReportView(
    Guid Id, ReportKind Kind, Guid SubjectId, string Excerpt, bool Mine, string? Reason, ReportStatus Status, DecisionView? Decision, AppealView? Appeal);

/// <summary>Why one member reported it.</summary>
internal sealed record ComplaintView(MemberView Reporter, string Reason, DateTimeOffset At);

/// <summary>What an operator did about this thing, in this report or in an earlier one.</summary>
internal sealed record PastDecision(Guid ReportId, ReportAction Action, string Reason, MemberView Operator, DateTimeOffset At);

/// <summary>A report as operators see it.</summary>
/// <param name="Id">Of the report.</param>
/// <param name="Kind">What was reported.</param>
/// <param name="SubjectId">Of the track, comment or account.</param>
/// <param name="CreationId">The track that it is or that it stands on; null for a profile.</param>
/// <param name="Excerpt">What it said when it was first reported.</param>
/// <param name="Owner">Whose it is.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Count">How many members reported it.</param>
/// <param name="Reasons">Theirs, the latest first, at most 20.</param>
/// <param name="Appeal">What its owner says to that, or null.</param>
/// <param name="History">What was decided about this thing before, the latest first, at most 20.</param>
/// <param name="OpenedAt">When it was first reported.</param>
internal sealed record ReportCase(
    Guid Id, ReportKind Kind, Guid SubjectId, Guid? CreationId, string Excerpt, MemberView Owner, ReportStatus Status, int Count, IReadOnlyList<ComplaintView> Reasons,
    AppealView? Appeal, IReadOnlyList<PastDecision> History, DateTimeOffset OpenedAt);
