using Son1kVers3.Contracts;
using Son1kVers3.Profile.Badges;

namespace Son1kVers3.Profile.Notifications;

/// <summary>A notification as a line, in the member's language: of pushes and digests, which no web app translates.</summary>
internal static class NotificationTexts
{
    private const int LongestDetail = 120;

    /// <summary>"Ana and 3 others liked «Blue»".</summary>
    public static string Of(string language, NotificationView view) => language == "es" ? Spanish(view) : English(view);

    /// <summary>The page of the web app that shows it.</summary>
    public static string PageOf(NotificationView view) => view switch
    {
        { Kind: NotificationKind.CollectionShared, SubjectId: { } collection } => $"/c/{collection}",
        { Kind: NotificationKind.Followed, Actors: [{ } follower, ..] } => $"/u/{follower.Username}",
        {
            SubjectId: { } track, Kind: NotificationKind.TrackCompleted or NotificationKind.TrackContributed or NotificationKind.TrackClaimed or NotificationKind.TrackLiked
            or NotificationKind.TrackCommented or NotificationKind.TrackRestored
        } => $"/t/{track}",
        _ => "/notifications",
    };

    private static string English(NotificationView view)
    {
        var (who, what) = (Who(view, "Someone", n => n == 1 ? "1 other" : $"{n} others", "and"), Title(view, "your track"));
        return view.Kind switch
        {
            NotificationKind.TrackCompleted => $"{what} is ready",
            NotificationKind.TrackFailed => $"{what} could not be made",
            NotificationKind.TrackHidden => $"{what} was hidden{Reason(view, "illegal content")}",
            NotificationKind.TrackRestored => $"{what} is visible again",
            NotificationKind.TrackContributed => $"{what} joined the community pool",
            NotificationKind.TrackClaimed => $"{who} claimed {what}",
            NotificationKind.TrackLiked => $"{who} liked {what}",
            NotificationKind.TrackCommented => $"{who} commented on {what}{Detail(view)}",
            NotificationKind.Followed => view.ActorCount > 1 ? $"{who} follow you" : $"{who} follows you",
            NotificationKind.CollectionShared => $"{who} lets you edit {Title(view, "a collection")}",
            NotificationKind.BadgeAwarded => $"You earned a badge{BadgeTitle(view, "en")}",
            NotificationKind.AlvaeGranted => $"You are ALVAE now{Detail(view)}",
            NotificationKind.AlvaeRevoked => "Your ALVAE badge has ended",
            NotificationKind.AlvaeFeedback => $"ALVAE feedback{Detail(view)}",
            NotificationKind.ExportReady => "Your export is ready",
            NotificationKind.QuotaExhausted => "Your generations are used up",
            NotificationKind.ReportAccepted => $"You were right about {Title(view, "what you reported")}: it was taken down",
            NotificationKind.ReportDismissed => $"We looked at {Title(view, "what you reported")} and found nothing against the rules",
            NotificationKind.ContentHidden => $"{Title(view, "Something of yours")} was taken down{Reason(view, "illegal content")}",
            NotificationKind.ContentRestored => $"{Title(view, "Something of yours")} is back{Detail(view)}",
            NotificationKind.AppealRejected => $"{Title(view, "Something of yours")} stays down after your appeal{Detail(view)}",
            NotificationKind.ChallengeWon => $"You won {Title(view, "the challenge")}",
            NotificationKind.ChallengeClosed => $"{Title(view, "The challenge")} has ended; your place{Detail(view)}",
            NotificationKind.ChallengeCancelled => $"{Title(view, "The challenge")} was called off{Detail(view)}",
            _ => throw new ArgumentOutOfRangeException(nameof(view)),
        };
    }

    private static string Spanish(NotificationView view)
    {
        var (who, what) = (Who(view, "Alguien", n => n == 1 ? "1 más" : $"{n} más", "y"), Title(view, "tu pista"));
        var many = view.ActorCount > 1;
        return view.Kind switch
        {
            NotificationKind.TrackCompleted => $"{what}: lista para escuchar",
            NotificationKind.TrackFailed => $"{what}: no se ha podido crear",
            NotificationKind.TrackHidden => $"{what}: oculta{Reason(view, "contenido ilegal")}",
            NotificationKind.TrackRestored => $"{what}: visible de nuevo",
            NotificationKind.TrackContributed => $"{what}: ya en el fondo de la comunidad",
            NotificationKind.TrackClaimed => $"{who} {(many ? "se han" : "se ha")} quedado con {what}",
            NotificationKind.TrackLiked => many ? $"A {who} les gusta {what}" : $"A {who} le gusta {what}",
            NotificationKind.TrackCommented => $"{who} {(many ? "han" : "ha")} comentado {what}{Detail(view)}",
            NotificationKind.Followed => many ? $"{who} te siguen" : $"{who} te sigue",
            NotificationKind.CollectionShared => $"{who} te deja editar {Title(view, "una colección")}",
            NotificationKind.BadgeAwarded => $"Has ganado una insignia{BadgeTitle(view, "es")}",
            NotificationKind.AlvaeGranted => $"Ya eres ALVAE{Detail(view)}",
            NotificationKind.AlvaeRevoked => "Tu insignia ALVAE ha terminado",
            NotificationKind.AlvaeFeedback => $"Comentarios ALVAE{Detail(view)}",
            NotificationKind.ExportReady => "Tu exportación está lista",
            NotificationKind.QuotaExhausted => "Has usado todas tus generaciones",
            NotificationKind.ReportAccepted => $"{Title(view, "Lo que denunciaste")}: tenías razón, se ha retirado",
            NotificationKind.ReportDismissed => $"{Title(view, "Lo que denunciaste")}: lo hemos revisado y no incumple las normas",
            NotificationKind.ContentHidden => $"{Title(view, "Algo tuyo")}: retirado{Reason(view, "contenido ilegal")}",
            NotificationKind.ContentRestored => $"{Title(view, "Algo tuyo")}: visible de nuevo{Detail(view)}",
            NotificationKind.AppealRejected => $"{Title(view, "Algo tuyo")}: sigue retirado tras tu apelación{Detail(view)}",
            NotificationKind.ChallengeWon => $"Has ganado {Title(view, "el reto")}",
            NotificationKind.ChallengeClosed => $"{Title(view, "El reto")} ha terminado; tu puesto{Detail(view)}",
            NotificationKind.ChallengeCancelled => $"{Title(view, "El reto")}: cancelado{Detail(view)}",
            _ => throw new ArgumentOutOfRangeException(nameof(view)),
        };
    }

    private static string Who(NotificationView view, string someone, Func<int, string> others, string and)
    {
        var first = view.Actors is [{ } actor, ..] ? actor.DisplayName : someone;
        return view.ActorCount > 1 ? $"{first} {and} {others(view.ActorCount - 1)}" : first;
    }

    private static string Title(NotificationView view, string untitled) => view.Title is { Length: > 0 } title ? $"«{title}»" : untitled;

    private static string BadgeTitle(NotificationView view, string language) =>
        EnumNames<Badge>.Values.TryGetValue(view.Detail ?? "", out var badge) ? $": {BadgeTexts.TitleOf(language, badge)}" : "";

    /// <summary>The words of whoever decided; one of them means something to the platform, too.</summary>
    private static string Reason(NotificationView view, string illegal) => view.Detail == ModerateTrack.Illegal ? $": {illegal}" : Detail(view);

    private static string Detail(NotificationView view) => view.Detail switch
    {
        null or "" => "",
        { Length: > LongestDetail } detail => $": {detail[..(char.IsHighSurrogate(detail[LongestDetail - 1]) ? LongestDetail - 1 : LongestDetail)]}…",
        { } detail => $": {detail}",
    };
}
