using Son1kVers3.Generation.Media;

namespace Son1kVers3.Generation.Tests;

/// <summary>What a title is called on a disk.</summary>
[Trait("Category", "Unit")]
public sealed class DownloadNameTests
{
    /// <summary>Title, and the header that browsers of all ages read (RFC 6266, RFC 8187).</summary>
    public static TheoryData<string, string> Dispositions => new()
    {
        { "Techno", "inline; filename=\"Techno.mp3\"" },
        { "Canción", "inline; filename=\"Cancion.mp3\"; filename*=UTF-8''Canci%C3%B3n.mp3" },
        { "Ñandú & Söhne", "inline; filename=\"Nandu & Sohne.mp3\"; filename*=UTF-8''%C3%91and%C3%BA%20%26%20S%C3%B6hne.mp3" },
        { "夜の歌", "inline; filename=\"YenoGe.mp3\"; filename*=UTF-8''%E5%A4%9C%E3%81%AE%E6%AD%8C.mp3" },
        { "🎵", "inline; filename=\"musical_note.mp3\"; filename*=UTF-8''%F0%9F%8E%B5.mp3" },
        { "a\"b;c", "inline; filename=\"a-bc.mp3\"; filename*=UTF-8''a-b%3Bc.mp3" },
        { "100% mine", "inline; filename=\"100 mine.mp3\"; filename*=UTF-8''100%25%20mine.mp3" },
        { "../../etc/passwd", "inline; filename=\"etc-passwd.mp3\"" },
        { "...", "inline; filename=\"track.mp3\"" },
    };

    [Theory]
    [MemberData(nameof(Dispositions))]
    public void Disposition_OfATitle_IsReadByBrowsersOfAllAges(string title, string disposition) =>
        Assert.Equal(disposition, DownloadName.Disposition(title, "mp3", attachment: false));
}
