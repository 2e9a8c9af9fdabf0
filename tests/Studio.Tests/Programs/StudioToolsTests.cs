using Son1kVers3.Studio.Programs;

namespace Son1kVers3.Studio.Tests.Programs;

[Trait("Category", "Unit")]
public sealed class StudioToolsTests
{
    [Fact]
    public void Find_WhenToolsAreMissing_NamesThemAndTheirPackages()
    {
        var report = StudioTools.Find(
            new StudioToolPaths("/none/libfluidsynth.so", "/none/a.sf2", "/none/b.sf2", "/none/ffmpeg", "/none/espeak-ng"));

        Assert.Null(report.Tools);
        Assert.Equal(["libfluidsynth3", "fluid-soundfont-gm", "ffmpeg", "espeak-ng"], report.Missing.Select(tool => tool.DebianPackage));
        Assert.Contains("apt-get install libfluidsynth3 fluid-soundfont-gm ffmpeg espeak-ng", report.Explanation);
    }

    [Fact]
    public void Find_WhenOnlyTheSingerIsMissing_StillWorks()
    {
        var report = StudioTools.Find(new StudioToolPaths(EspeakNg: "/none/espeak-ng"));

        Assert.NotNull(report.Tools);
        Assert.Null(report.Tools.EspeakNg);
        Assert.Equal("espeak-ng", Assert.Single(report.Missing).Name);
    }
}
