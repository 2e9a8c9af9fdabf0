using Son1kVers3.Studio.Listening;
using Son1kVers3.Studio.Rendering;
using Son1kVers3.Studio.Scores;

namespace Son1kVers3.Studio.Tests.Rendering;

[Trait("Category", "Integration")]
[Collection(StudioCollection.Name)]
public sealed class RendererTests(StudioFixture studio)
{
    [Theory]
    [InlineData("band")]
    [InlineData("sparse")]
    [InlineData("choir")]
    public async Task Render_WhateverThePiece_MeetsLoudnessPeakAndLength(string piece)
    {
        var score = piece switch { "band" => TestScores.Band(), "sparse" => TestScores.Sparse(), _ => TestScores.Choir() };
        var result = await RenderAsync(score, 10);

        var measured = await new LoudnessMeter(studio.Tools).MeasureAsync(result.MasterPath, CancellationToken.None);
        Assert.InRange(measured.IntegratedLufs, -15, -13);
        Assert.InRange(measured.TruePeakDbtp, -12, -1);
        Assert.InRange(result.LoudnessLufs, measured.IntegratedLufs - 0.2, measured.IntegratedLufs + 0.2);
        Assert.InRange(result.TruePeakDbtp, measured.TruePeakDbtp - 0.3, measured.TruePeakDbtp + 0.3);

        var samples = await studio.DecodeAsync(result.MasterPath);
        Assert.InRange(samples.Length / 44100.0, 8, 12);
        Assert.Equal(result.DurationSeconds, samples.Length / 44100.0, 0.01);
        Assert.Contains(samples.Take(44100 / 4), sample => Math.Abs(sample) > 0.001);
        Assert.All(samples.TakeLast(50), sample => Assert.InRange(Math.Abs(sample), 0, 0.001));
    }

    [Fact]
    public async Task Render_WhenRepeated_GivesTheSameSamples()
    {
        var first = await RenderAsync(TestScores.Band(3), 7);
        var second = await RenderAsync(TestScores.Band(3), 7);
        Assert.Equal(await studio.DecodeAsync(first.MasterPath), await studio.DecodeAsync(second.MasterPath));
    }

    [Fact]
    public async Task Render_WithStems_TheyAddUpToTheMix()
    {
        var mix = await studio.DecodeAsync(studio.Band.MixPath!);
        var sum = new double[mix.Length];
        foreach (var stem in studio.Band.Stems)
        {
            var samples = await studio.DecodeAsync(stem.Path);
            Assert.Equal(mix.Length, samples.Length);
            for (var i = 0; i < sum.Length; i++)
            {
                sum[i] += samples[i];
            }
        }

        var error = mix.Select((sample, i) => (sample - sum[i]) * (sample - sum[i])).Sum();
        var energy = mix.Sum(sample => (double)sample * sample);
        Assert.InRange(10 * Math.Log10(error / energy), double.NegativeInfinity, -60);
        Assert.Equal(TestScores.Band().Parts.Select(part => part.Name), studio.Band.Stems.Select(stem => stem.Name));
    }

    [Fact]
    public async Task Render_PartsWithDifferentPresets_StandWhereTheirGainPutsThem()
    {
        var lead = await LoudnessOf("Lead");
        var chords = await LoudnessOf("Electric Piano");
        var pad = await LoudnessOf("Warm Pad");
        Assert.InRange(lead - chords, 3.5, 8.5);
        Assert.InRange(lead - pad, 6, 12.5);

        async Task<double> LoudnessOf(string name) => (await new LoudnessMeter(studio.Tools)
            .MeasureAsync(studio.Band.Stems.Single(stem => stem.Name == name).Path, CancellationToken.None)).IntegratedLufs;
    }

    [Fact]
    public async Task Render_WhateverStandsWhere_IsNeitherNarrowNorHollow()
    {
        var heard = await new TrackAnalyser(studio.Tools).AnalyseAsync(studio.Band.MasterPath, [], CancellationToken.None);

        Assert.InRange(heard.StereoWidth, 0.05, 0.35);
    }

    [Fact]
    public async Task Render_Progress_PreviewComesEarlyAndPercentagesNeverFall()
    {
        var reports = studio.BandProgress;
        var preview = Assert.Single(reports, report => report.Stage == RenderStage.Preview);
        Assert.Equal(preview.PreviewPath, studio.Band.PreviewPath);
        Assert.InRange((await studio.DecodeAsync(preview.PreviewPath!)).Length / 44100.0, 4.9, 5.2);

        foreach (var stage in new[] { RenderStage.Rendering, RenderStage.Mastering })
        {
            var percentages = reports.Where(report => report.Stage == stage).Select(report => report.Percent).ToList();
            Assert.Equal(percentages.Order(), percentages);
            Assert.Equal(100, percentages[^1]);
        }
    }

    [Theory]
    [InlineData(RenderStage.Rendering)]
    [InlineData(RenderStage.Preview)]
    [InlineData(RenderStage.Mastering)]
    public async Task Render_WhenCancelled_LeavesNothing(RenderStage stage)
    {
        var folder = studio.NewFolder();
        using var cancel = new CancellationTokenSource();
        var progress = new CancelAt(stage, cancel);
        var options = new RenderOptions(StudioQuality.High, folder, 15, Stems: true, PreviewSeconds: 2);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => new Renderer(studio.Tools).RenderAsync(TestScores.Band(7), options, progress, cancel.Token));
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder));
    }

    [Fact]
    public async Task Render_WhenTheScoreStartsWithARest_DropsItAndSaysSo()
    {
        var band = TestScores.Band(3);
        var late = band with
        {
            Parts = [.. band.Parts.Select(part => part with { Notes = [.. part.Notes.Where(note => note.Tick >= band.TicksPerBar)] })],
        };
        var result = await RenderAsync(late, null);
        Assert.Equal(1.98, result.StartOffsetSeconds, 0.03);
        Assert.Contains((await studio.DecodeAsync(result.MasterPath)).Take(4410), sample => Math.Abs(sample) > 0.01);
    }

    private Task<RenderResult> RenderAsync(Score score, double? seconds) => new Renderer(studio.Tools).RenderAsync(
        score, new RenderOptions(StudioQuality.Standard, studio.NewFolder(), seconds, PreviewSeconds: 0), null, CancellationToken.None);

    private sealed class CancelAt(RenderStage stage, CancellationTokenSource cancel) : IProgress<RenderProgress>
    {
        public void Report(RenderProgress value)
        {
            if (value.Stage == stage && value.Percent >= 5)
            {
                cancel.Cancel();
            }
        }
    }
}
