using Son1kVers3.Generation.Derivations;
using Son1kVers3.Generation.Tracks;
using Son1kVers3.ServiceDefaults.Validation;
using Son1kVers3.Studio;
using Son1kVers3.Studio.Planning;

namespace Son1kVers3.Generation.Tests;

/// <summary>What people type.</summary>
[Trait("Category", "Unit")]
public sealed class TextTests
{
    [Fact]
    public void IsPlain_ForAText_IsTrueWhenXmlAndPlayersTakeIt()
    {
        Assert.True(TextRules.IsPlain("tab\t, line\r\n, ñ, مرحبا, 🎵"));
        // A theory's data loses halves of surrogate pairs on its way.
        Assert.All((string[])["\0", "\u001b[31m", "\ufffe", "a\ud83c", "\ud83ca", "\udfb5", "\udfb5\ud83c"],
            text => Assert.False(TextRules.IsPlain(text)));
    }

    [Fact]
    public void Order_WhenTheParentsTitleIsCutInASign_LeavesTheSignOut()
    {
        var plan = Planner.Read(new StudioRequest { Prompt = "pop", DurationSeconds = 10, Seed = 1 });
        var track = new Track { Title = new string('a', 111) + "🎵" + new string('b', 7), Request = new TrackRequest { Prompt = "pop" } };

        var request = Parents.Request(new Parent(track, plan), plan, " ", track.Title, " (remix)", track.UserId);

        Assert.Equal($"{new string('a', 111)} (remix)", request.Title);
        Assert.Equal("pop", request.Prompt);
    }
}
