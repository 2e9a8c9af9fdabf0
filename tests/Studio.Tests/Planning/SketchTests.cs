using Son1kVers3.Studio.Composing;
using Son1kVers3.Studio.Genres;
using Son1kVers3.Studio.Planning;
using Son1kVers3.Studio.Tests.Composing;

namespace Son1kVers3.Studio.Tests.Planning;

/// <summary>That pieces of one style are not one piece: their chords and their shape.</summary>
[Trait("Category", "Unit")]
public class SketchTests
{
    public static TheoryData<string> Genres => Pieces.Genres;

    [Theory]
    [MemberData(nameof(Genres))]
    public void Harmony_WhenSeedsDiffer_IsAnotherInTenOfTwelve(string slug)
    {
        var choruses = Twelve(slug).Select(plan => plan.Sketch.Harmony["chorus"]).Distinct();

        // Twelve bars of blues are twelve bars of blues.
        Assert.True(choruses.Count() >= (GenreCatalog.Find(slug)!.HasStropheForm ? 3 : 10));
    }

    [Theory]
    [MemberData(nameof(Genres))]
    public void Form_WhenSeedsDiffer_IsNotTheSameInMoreThanHalf(string slug)
    {
        var forms = Twelve(slug).Select(plan => string.Join(' ', plan.Form.Select(section => section.Section)));

        // Few forms hold whole strophes only.
        Assert.InRange(forms.CountBy(form => form).Max(form => form.Value), 1, GenreCatalog.Find(slug)!.HasStropheForm ? 9 : 6);
    }

    [Theory]
    [MemberData(nameof(Genres))]
    public void Harmony_WhenItIsWritten_GoesWhereTheStyleGoes(string slug)
    {
        var genre = GenreCatalog.Find(slug)!;
        foreach (var plan in Twelve(slug))
        {
            var own = genre.Harmony.Where(kind => kind.Key is "verse" or "pre-chorus" or "chorus" or "bridge")
                .SelectMany(kind => plan.Key.Minor ? kind.Value.Minor : kind.Value.Major)
                .Select(text => text.Split(' ')).SelectMany(bars => bars.Select((bar, i) => (bar, bars[(i + 1) % bars.Length])))
                .ToHashSet();
            var chords = plan.Sketch.Harmony["chorus"].Split(' ')
                .SelectMany(bar => genre.HasStropheForm ? [bar] : Undivided(bar, own.Select(pair => pair.bar).ToHashSet())).ToList();

            Assert.All(chords.Select((chord, i) => (chord, chords[(i + 1) % chords.Count])), step => Assert.True(
                own.Contains(step) || IsApplied(step.chord) || IsApplied(step.Item2), $"{step} in {plan.Sketch.Harmony["chorus"]}"));
        }
    }

    [Theory]
    [InlineData("pop", 0.2)]
    [InlineData("classical", 0.3)]
    [InlineData("metal", 0.15)]
    public void Harmony_WhereTheStyleHasThem_PutsTwoChordsInABar(string slug, double least)
    {
        var bars = Enumerable.Range(0, 12)
            .SelectMany(seed => Chord.Progression(Of(slug, seed).Sketch.Harmony["chorus"])).ToList();

        Assert.InRange(bars.Count(bar => bar.Count > 1) / (double)bars.Count, least, 0.7);
    }

    // A bar that the genre's own file divides stays as it is.
    private static IEnumerable<string> Undivided(string bar, HashSet<string> own) => own.Contains(bar) ? [bar] : bar.Split(',');

    private static bool IsApplied(string chord) => chord.StartsWith("V7/", StringComparison.Ordinal);

    private static IEnumerable<Plan> Twelve(string slug) => Enumerable.Range(0, 12).Select(seed => Of(slug, seed));

    private static Plan Of(string slug, int seed) =>
        Planner.Read(new StudioRequest { Prompt = "", Genre = slug, Seed = seed * 101, DurationSeconds = 60 });
}
