using Son1kVers3.Studio.Listening;
using Son1kVers3.Studio.Programs;
using Son1kVers3.Studio.Tests.Rendering;

namespace Son1kVers3.Studio.Tests.Listening;

/// <summary>What people may send instead of a recording.</summary>
[Trait("Category", "Integration")]
[Collection(StudioCollection.Name)]
public sealed class UploadTests(StudioFixture studio)
{
    [Fact]
    public async Task Read_ASongWithAHugeCoverPicture_DecodesTheSoundAndNeverThePicture()
    {
        var path = await WithCoverAsync();
        var ffmpeg = new Ffmpeg(studio.Tools.Ffmpeg);
        string[] arguments = ["-v", "verbose", .. Ffmpeg.SafeInput, "-i", ProgramCall.Input, "-map", "0:a:0", "-f", "null", "-"];
        var said = await ffmpeg.RunAsync(new FfmpegCall(arguments) { Reads = path, Limits = ProgramLimits.Upload }, CancellationToken.None);

        Assert.Contains("not on whitelist", said, StringComparison.Ordinal);
        Assert.InRange(
            (await new AudioReader(studio.Tools).ReadUploadAsync(path, 16000, 120, CancellationToken.None)).Length, 15900, 16100);
    }

    [Fact]
    public async Task Read_MegabytesOfHeadersWithoutSound_IsRejectedSoon()
    {
        var path = Path.Combine(studio.NewFolder() + ".aac");
        // ADTS frames of seven bytes: a header and nothing behind it.
        byte[] header = [0xFF, 0xF1, 0x50, 0x80, 0x00, 0xFF, 0xFC];
        await File.WriteAllBytesAsync(path, [.. Enumerable.Repeat(header, 400_000).SelectMany(bytes => bytes)]);

        var error = await Assert.ThrowsAsync<AudioRejectedException>(
            () => new AudioReader(studio.Tools).ReadUploadAsync(path, 16000, 120, CancellationToken.None));
        Assert.Contains(error.Reason, new[] { AudioRejection.NotAudio, AudioRejection.Empty });
    }

    [Theory]
    [InlineData("#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n")]
    [InlineData("ffconcat version 1.0\nfile /etc/passwd\n")]
    [InlineData("<?xml version=\"1.0\"?><MPD/>")]
    public async Task Read_APlaylistThatNamesOtherFiles_IsRejected(string text)
    {
        var path = studio.NewFolder() + ".wav";
        await File.WriteAllTextAsync(path, text);
        await Assert.ThrowsAsync<AudioRejectedException>(
            () => new AudioReader(studio.Tools).ReadUploadAsync(path, 16000, 120, CancellationToken.None));
    }

    private async Task<string> WithCoverAsync()
    {
        var path = studio.NewFolder() + ".flac";
        string[] arguments =
        [
            "-f", "lavfi", "-i", "sine=440:d=1", "-f", "lavfi", "-i", "color=red:s=6000x6000:d=0.04", "-map", "0", "-map", "1", "-c:a",
            "flac", "-c:v", "png", "-frames:v", "1",
            "-disposition:v", "attached_pic", "-f", "flac", ProgramCall.Output,
        ];
        await new Ffmpeg(studio.Tools.Ffmpeg).RunAsync(new FfmpegCall(arguments) { Writes = path }, CancellationToken.None);
        return path;
    }
}
