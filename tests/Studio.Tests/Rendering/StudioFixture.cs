using Son1kVers3.Studio.Listening;
using Son1kVers3.Studio.Programs;
using Son1kVers3.Studio.Rendering;

namespace Son1kVers3.Studio.Tests.Rendering;

/// <summary>The tools of this machine, a folder that goes away, and one render that several tests look at.</summary>
public sealed class StudioFixture : IAsyncLifetime
{
    public StudioTools Tools { get; } = StudioTools.Find() is { Tools: { } tools } ? tools
        : throw new InvalidOperationException(StudioTools.Find().Explanation);

    public string Folder { get; } = Directory.CreateTempSubdirectory("son1k-studio-").FullName;

    /// <summary>The band at ultra quality with stems and mix kept.</summary>
    public RenderResult Band { get; private set; } = null!;

    public IReadOnlyList<RenderProgress> BandProgress => progress.Reports;

    private readonly RecordedProgress progress = new();

    public string NewFolder() => Path.Combine(Folder, Guid.NewGuid().ToString("N"));

    public async Task InitializeAsync() => Band = await new Renderer(Tools).RenderAsync(
        TestScores.Band(), new RenderOptions(StudioQuality.Ultra, NewFolder(), 11, Stems: true, PreviewSeconds: 5, KeepMix: true),
            progress, CancellationToken.None);

    public Task DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        return Task.CompletedTask;
    }

    public Task<float[]> DecodeAsync(string path) => new AudioReader(Tools).ReadMonoAsync(path, 44100, 600, CancellationToken.None);
}

[CollectionDefinition(Name)]
public sealed class StudioCollection : ICollectionFixture<StudioFixture>
{
    public const string Name = "studio";
}

internal sealed class RecordedProgress : IProgress<RenderProgress>
{
    private readonly List<RenderProgress> reports = [];

    public IReadOnlyList<RenderProgress> Reports
    {
        get
        {
            lock (reports)
            {
                return [.. reports];
            }
        }
    }

    public void Report(RenderProgress value)
    {
        lock (reports)
        {
            reports.Add(value);
        }
    }
}
