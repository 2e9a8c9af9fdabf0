using System.Security.Cryptography;
using System.Text.Json;
using Son1kVers3.Studio.Composing;
using Son1kVers3.Studio.Midi;
using Son1kVers3.Studio.Planning;
using Son1kVers3.Studio.Scores;

namespace Son1kVers3.Studio.Tests.Composing;

[Trait("Category", "Unit")]
public class ComposerTests
{
    public static TheoryData<string> Genres => Pieces.Genres;

    [Theory]
    [MemberData(nameof(Genres))]
    public void Compose_WhenThePlanWentThroughJson_GivesTheSameMidi(string slug)
    {
        var plan = Planner.Read(new StudioRequest { Prompt = "", Genre = slug, Seed = 99 });
        var stored = JsonSerializer.Deserialize<Plan>(JsonSerializer.Serialize(plan))!;

        Assert.Equal(MidiFile.Write(Composer.Compose(plan)), MidiFile.Write(Composer.Compose(stored)));
    }

    [Theory]
    [MemberData(nameof(Genres))]
    public void Compose_WhenAKeyAndTempoAreAsked_KeepsThem(string slug)
    {
        var request = new StudioRequest { Prompt = "", Genre = slug, Key = "F# minor", Tempo = 111, DurationSeconds = 200, Seed = 3 };

        var score = Composer.Compose(Planner.Read(request));
        var factor = score.TimeSignature.Denominator == 8 ? 1.5 : 1;

        Assert.Equal("F# minor", score.Key.Name);
        Assert.Equal([new TempoMark(0, 111 * factor)], score.Tempos);
    }

    [Theory]
    [MemberData(nameof(Genres))]
    public void Compose_WhenTheMelodyIsOnStrongBeats_ItSingsChordTones(string slug)
    {
        var plan = Planner.Read(new StudioRequest { Prompt = "", Genre = slug, DurationSeconds = 120, Seed = 5 });
        var canvas = new Canvas(plan, Studio.Genres.GenreCatalog.Find(slug)!);
        var score = Composer.Compose(plan);
        var strong = score.Parts.Where(part => part.Role == PartRole.Lead).SelectMany(part => part.Notes)
            .Select(note => (note.Pitch, Step: (int)Math.Round(note.Tick / (double)Canvas.TicksPerStep)))
            .Where(note => note.Step % (2 * canvas.StepsPerBeat) == 0)
            .Select(note => (note.Pitch, Place: canvas.ChordAt(note.Step / canvas.StepsPerBar, note.Step % canvas.StepsPerBar)))
            .ToList();

        var inside = strong.Count(note => note.Place.Chord.PitchClasses(note.Place.Bar.Key.Tonic).Contains(note.Pitch % 12));

        Assert.True(strong.Count > 8, $"only {strong.Count} notes on strong beats");
        Assert.True(inside >= 0.85 * strong.Count, $"{inside} of {strong.Count} are chord tones");
    }

    [Fact]
    public void Compose_WhenItEnds_TheTonicRings()
    {
        var plan = Planner.Read(new StudioRequest { Prompt = "", Genre = "pop", Key = "G major", Seed = 8 });
        var score = Composer.Compose(plan);
        var last = score.EndTick - score.TicksPerBar;

        var bass = score.Parts.Single(part => part.Role == PartRole.Bass).Notes[^1];

        Assert.Equal(7, bass.Pitch % 12);
        Assert.InRange(bass.Tick, last - 40, last + 60);
        Assert.True(score.SecondsAt(bass.Tick + bass.Duration) >= score.LengthSeconds - 0.1);
    }

    // Every machine gives these bytes: what a seed sounds like is a promise. A change of the composer changes them, and Plan.CurrentEngine
    // with them.
    [Theory]
    [InlineData("bossa-nova", "soft bossa nova, 120 bpm", "21cd0bc0de35978d401582bc313151ac6e989fcf12541e1016533d6674150371")]
    [InlineData("rock", "rock energético con solo de guitarra", "458676bf41a8d9f463a100924b62eb48e1b388e78e0897dd1f1360c26731936d")]
    public void Compose_WhenComposedAnywhere_GivesTheseBytes(string slug, string prompt, string golden)
    {
        var midi = MidiFile.Write(Composer.Compose(Planner.Read(new StudioRequest { Prompt = prompt, Genre = slug, Seed = 2026 })));

        var hash = Convert.ToHexStringLower(SHA256.HashData(midi));
        Assert.True(golden == hash, hash);
    }

    [Fact]
    public void Lead_WhenChordsFollow_VoicesMoveLittle()
    {
        foreach (var genre in Studio.Genres.GenreCatalog.All)
        {
            var chords = genre.Harmony["chorus"].Minor.SelectMany(Chord.Progression).SelectMany(bar => bar).ToList();
            IReadOnlyList<int> previous = [];
            foreach (var chord in chords)
            {
                var voicing = Voicing.Lead(chord, 0, "close", 50, 76, previous);
                if (previous.Count > 0)
                {
                    var moves = voicing.Select(pitch => previous.Min(other => Math.Abs(other - pitch))).ToList();
                    Assert.True(moves.Average() <= 2.5,
                        $"{genre.Slug} {chord.Numeral}: {string.Join(' ', previous)} → {string.Join(' ', voicing)}");
                }

                Assert.True(voicing[0] >= 50 && voicing[^1] <= 76, $"{chord.Numeral}: {string.Join(' ', voicing)}");
                previous = voicing;
            }
        }
    }
}
