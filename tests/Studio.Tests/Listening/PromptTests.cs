using Son1kVers3.Studio.Composing;
using Son1kVers3.Studio.Genres;
using Son1kVers3.Studio.Listening;
using Son1kVers3.Studio.Planning;
using Son1kVers3.Studio.Rendering;
using Son1kVers3.Studio.Tests.Rendering;
using Xunit.Abstractions;

namespace Son1kVers3.Studio.Tests.Listening;

/// <summary>From prompt to finished track, listened to by machine.</summary>
[Trait("Category", "Integration")]
[Collection(StudioCollection.Name)]
public sealed class PromptTests(StudioFixture studio, ITestOutputHelper output)
{
    private static readonly (string Prompt, int Seconds, int Tempo, string Key)[] Prompts =
    [
        ("pop alegre de verano", 20, 118, "C major"),
        ("dark techno", 12, 130, "A minor"),
        ("synthwave nocturno", 14, 100, "E minor"),
        ("lo-fi para estudiar", 12, 80, "D minor"),
        ("jazz trio, calm", 12, 120, "F major"),
        ("reggaetón sensual", 12, 94, "G minor"),
        ("rock energético", 20, 128, "E minor"),
        ("bossa nova suave", 12, 126, "G major"),
        ("drum and bass", 12, 174, "F minor"),
        ("cinematic epic", 14, 90, "D minor"),
        ("folk guitar, tender", 12, 108, "G major"),
        ("trap oscuro", 12, 140, "C minor"),
    ];

    // Sparse styles: the fewer notes there are, the more two pieces in one key are alike.
    private static readonly string[] Sparse = ["trap oscuro", "lo-fi para estudiar", "dark techno", "ambient pads"];

    [Fact]
    public async Task Prompts_RenderedShort_HoldWhatTheStudioPromises()
    {
        var faults = new List<string>();
        var keys = 0;
        foreach (var (prompt, seconds, tempo, key) in Prompts)
        {
            var (track, _) = await MakeAsync(prompt, seconds, tempo, key, seed: 1);
            var line = FormattableString.Invariant(
                $"""
                {prompt}: {track.IntegratedLufs:0.0} LUFS, {track.TruePeakDbtp:0.0} dBTP, {track.DurationSeconds:0.0} s,
                silence {track.LongestSilenceSeconds:0.0} s, tempo {track.TempoFound:0.0}/{tempo}, {track.KeyFound.Name}/{key},
                chorus {track.ChorusGainLu:+0.0;-0.0} LU ×{track.ChorusDensityRatio:0.00}
                """);
            output.WriteLine(line);
            keys += track.KeyFits ? 1 : 0;
            if (!track.LoudnessHolds || !track.TempoHolds || !track.ContrastHolds || track.LongestSilenceSeconds > 3
                || Math.Abs(track.DurationSeconds - seconds) > 2)
            {
                faults.Add(line);
            }
        }

        Assert.Empty(faults);
        Assert.InRange(keys / (double)Prompts.Length, 0.85, 1);
    }

    [Fact]
    public async Task Prompts_WithAnotherSeed_AreAnotherPiece()
    {
        var fingerprinter = new Fingerprinter(studio.Tools);
        foreach (var prompt in Sparse)
        {
            var (_, first) = await MakeAsync(prompt, 16, 90, "C minor", seed: 1);
            var (_, second) = await MakeAsync(prompt, 16, 90, "C minor", seed: 2);
            var similarity = (await fingerprinter.TakeAsync(first, CancellationToken.None)).SimilarityTo(
                await fingerprinter.TakeAsync(second, CancellationToken.None));
            Assert.True(similarity < 0.75, $"{prompt}: {similarity:0.00}");
        }
    }

    private async Task<(TrackMeasures Track, string Path)> MakeAsync(string prompt, int seconds, int tempo, string key, int seed)
    {
        var plan = Planner.Read(new StudioRequest { Prompt = prompt, DurationSeconds = seconds, Tempo = tempo, Key = key, Seed = seed });
        var score = Composer.Compose(plan);
        var options = new RenderOptions(StudioQuality.Standard, studio.NewFolder(), seconds,
            PreviewSeconds: 0)
        { Mix = GenreCatalog.Find(plan.Genre)!.Mix };
        var result = await new Renderer(studio.Tools).RenderAsync(score, options, null, CancellationToken.None);
        var measures = await new Listener(studio.Tools).MeasureAsync(
            result.MasterPath, new TrackExpectation(score, plan.Tempo, result.StartOffsetSeconds), CancellationToken.None);
        return (measures, result.MasterPath);
    }
}
