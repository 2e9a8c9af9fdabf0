namespace Son1kVers3.Profile.Badges;

/// <summary>What badges are called where no web app translates them, in the member's language.</summary>
internal static class BadgeTexts
{
    public static string TitleOf(string language, Badge badge) => language == "es" ? Spanish(badge) : English(badge);

    private static string English(Badge badge) => badge switch
    {
        Badge.FirstTrack => "First track",
        Badge.TenTracks => "Ten tracks",
        Badge.HundredTracks => "Hundred tracks",
        Badge.WeekStreak => "A week in a row",
        Badge.FirstContribution => "First contribution",
        Badge.RankingLeader => "Led the ranking",
        Badge.TopTen => "Top 10",
        Badge.ChallengeWinner => "Won a challenge",
        _ => throw new ArgumentOutOfRangeException(nameof(badge)),
    };

    private static string Spanish(Badge badge) => badge switch
    {
        Badge.FirstTrack => "Primera canción",
        Badge.TenTracks => "Diez canciones",
        Badge.HundredTracks => "Cien canciones",
        Badge.WeekStreak => "Una semana seguida",
        Badge.FirstContribution => "Primera contribución",
        Badge.RankingLeader => "Lideró la clasificación",
        Badge.TopTen => "Entre los 10 primeros",
        Badge.ChallengeWinner => "Ganó un reto",
        _ => throw new ArgumentOutOfRangeException(nameof(badge)),
    };
}
