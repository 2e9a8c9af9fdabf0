using System.Diagnostics;
using System.Text.Json;
using Son1kVers3.Studio.Encoding;
using Son1kVers3.Studio.Listening;

namespace Son1kVers3.Studio.Tests.Rendering;

[Trait("Category", "Integration")]
[Collection(StudioCollection.Name)]
public sealed class AudioEncoderTests(StudioFixture studio)
{
    private static readonly TrackTags Tags = new(
        "Canción: \"luz\" = día", "Ana & Co", "bossa nova", 119.6, "A minor", Guid.Parse("01980000-0000-7000-8000-000000000001"));

    [Theory]
    [InlineData(AudioFormat.Mp3, StudioQuality.Standard, 128)]
    [InlineData(AudioFormat.Mp3, StudioQuality.High, 320)]
    [InlineData(AudioFormat.Opus, StudioQuality.Standard, 96)]
    [InlineData(AudioFormat.Opus, StudioQuality.Ultra, 160)]
    [InlineData(AudioFormat.Flac, StudioQuality.Ultra, null)]
    [InlineData(AudioFormat.Wav, StudioQuality.Standard, null)]
    public async Task Encode_EveryFormat_DecodesWithTagsAndBitRate(AudioFormat format, StudioQuality quality, int? kilobits)
    {
        var path = await EncodeAsync(format, quality);

        var samples = await studio.DecodeAsync(path);
        Assert.InRange(samples.Length / 44100.0, studio.Band.DurationSeconds - 0.1, studio.Band.DurationSeconds + 0.1);
        var loudness = await new LoudnessMeter(studio.Tools).MeasureAsync(path, CancellationToken.None);
        Assert.InRange(loudness.IntegratedLufs, -15, -13);
        Assert.InRange(loudness.TruePeakDbtp, -6, 0);

        var (tags, bitRate) = await ProbeAsync(path);
        Assert.Equal(Tags.Title, tags["title"]);
        Assert.Equal(Tags.Artist, tags["artist"]);
        Assert.Equal(Tags.Genre, tags["genre"]);
        Assert.Equal(TrackTags.Encoder, tags["encoder"]);
        Assert.Contains("AI-generated", tags["comment"]);
        var all = string.Join('\n', tags.Values);
        Assert.Contains(Tags.GenerationId.ToString(), all);
        Assert.Contains("120", format == AudioFormat.Mp3 ? tags["tbpm"] : all);
        Assert.Contains(format == AudioFormat.Mp3 ? "Am" : "A minor", all);
        if (kilobits is { } expected)
        {
            Assert.InRange(bitRate / 1000.0, expected * 0.75, expected * 1.25);
        }
    }

    [Fact]
    public async Task Encode_LosslessFormats_HoldTheMastersSamples()
    {
        var master = await studio.DecodeAsync(studio.Band.MasterPath);
        Assert.Equal(master, await studio.DecodeAsync(await EncodeAsync(AudioFormat.Flac, StudioQuality.Ultra)));
        Assert.Equal(master, await studio.DecodeAsync(await EncodeAsync(AudioFormat.Wav, StudioQuality.Ultra)));
    }

    [Theory]
    [InlineData(AudioFormat.Opus)]
    [InlineData(AudioFormat.Flac)]
    public async Task Encode_WhenFollowed_TellsHowMuchIsWrittenUpToTheWhole(AudioFormat format)
    {
        var path = Path.Combine(Directory.CreateDirectory(studio.NewFolder()).FullName, "track");
        var told = new List<TimeSpan>();

        await new AudioEncoder(studio.Tools).EncodeAsync(
            studio.Band.MasterPath, path, format, StudioQuality.Standard, Tags, CancellationToken.None, told.Add);

        Assert.Equal(told.Order(), told);
        Assert.Equal(studio.Band.DurationSeconds, told[^1].TotalSeconds, 0.1);
    }

    [Fact]
    public async Task Encode_WhenCancelled_LeavesNoFile()
    {
        var folder = Directory.CreateDirectory(studio.NewFolder()).FullName;
        using var cancel = new CancellationTokenSource();
        var encoding = new AudioEncoder(studio.Tools)
            .EncodeAsync(
                studio.Band.MasterPath, Path.Combine(folder, "track.mp3"), AudioFormat.Mp3, StudioQuality.High, Tags, cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => encoding);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder));
    }

    private async Task<string> EncodeAsync(AudioFormat format, StudioQuality quality)
    {
        var path = Path.Combine(Directory.CreateDirectory(studio.NewFolder()).FullName, "track." + format.ToString().ToLowerInvariant());
        await new AudioEncoder(studio.Tools).EncodeAsync(studio.Band.MasterPath, path, format, quality, Tags, CancellationToken.None);
        return path;
    }

    private static async Task<(Dictionary<string, string> Tags, double BitRate)> ProbeAsync(string path)
    {
        using var probe = Process.Start(new ProcessStartInfo("ffprobe",
            ["-v", "error", "-of", "json", "-show_format", "-show_streams", path])
        { RedirectStandardOutput = true })!;
        var json = JsonDocument.Parse(await probe.StandardOutput.ReadToEndAsync()).RootElement;
        var tags = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        // The container's tags win: a stream's encoder is the codec's own business.
        foreach (var holder in new[] { json.GetProperty("streams")[0], json.GetProperty("format") })
        {
            if (holder.TryGetProperty("tags", out var found))
            {
                foreach (var tag in found.EnumerateObject())
                {
                    tags[tag.Name] = tag.Value.GetString()!;
                }
            }
        }

        return (tags, double.Parse(
            json.GetProperty("format").GetProperty("bit_rate").GetString()!, System.Globalization.CultureInfo.InvariantCulture));
    }
}
