using System.IO.Compression;
using Son1kVers3.Studio.Listening;
using Son1kVers3.Studio.Tests.Rendering;

namespace Son1kVers3.Studio.Tests.Listening;

[Trait("Category", "Integration")]
[Collection(StudioCollection.Name)]
public sealed class TranscriberTests(StudioFixture studio)
{
    [Theory]
    [InlineData("separate notes", 0.04, 50, 0)]
    [InlineData("legato", 0, 50, 0)]
    [InlineData("noisy", 0.04, 14, 0)]
    [InlineData("noisy legato", 0, 16, 0)]
    [InlineData("out of tune", 0.03, 40, 38)]
    public async Task Transcribe_AHum_FindsTheNotes(string kind, double gap, double noise, double cents)
    {
        for (var seed = 1; seed <= 3; seed++)
        {
            var tune = Hum.Tune(seed);
            var result = await TranscribeAsync(Hum.Sing(tune, gap, noise, cents, seed));
            var f1 = Hum.F1(tune, result.Notes);
            Assert.True(f1 >= 0.9, $"{kind}, seed {seed}: F1 {f1:0.00}, {result.Notes.Count} notes for {tune.Count}");
            Assert.All(result.Notes, note => Assert.InRange(note.Confidence, 0.2, 1));
            Assert.True(result.Key.IsSameOrRelative(9, minor: false), result.Key.Name);
        }
    }

    [Fact]
    public async Task Transcribe_AHumInTime_FindsTheTempo()
    {
        // Quarters and eighths at 100 BPM.
        int[] pitches = [57, 59, 61, 62, 64, 62, 61, 59, 57, 64, 62, 61, 59, 57, 59, 61];
        var time = 0.3;
        var notes = pitches.Select((pitch, i) =>
        {
            var note = new MelodyNoteEstimate(time, i % 4 < 2 ? 0.6 : 0.3, pitch, 1);
            time += note.DurationSeconds;
            return note;
        }).ToList();
        var result = await TranscribeAsync(Hum.Sing(notes, 0.04, 50, 0, 1));
        var ratio = result.Tempo / 100;
        Assert.Contains(new[] { 0.5, 1, 2 }, octave => Math.Abs(ratio / octave - 1) < 0.03);
    }

    [Fact]
    public async Task Transcribe_AnotherFormat_GivesTheSameNotes()
    {
        var tune = Hum.Tune(1);
        var wav = Path.Combine(Directory.CreateDirectory(studio.NewFolder()).FullName, "hum.wav");
        Hum.Write(wav, Hum.Sing(tune, 0.03, 45, 0, 1));
        var webm = Path.ChangeExtension(wav, "webm");
        using (var convert = System.Diagnostics.Process.Start("ffmpeg", ["-v", "error", "-nostdin", "-i", wav, "-c:a", "libopus", webm]))
        {
            await convert.WaitForExitAsync();
        }

        var result = await new Transcriber(studio.Tools).TranscribeAsync(webm, CancellationToken.None);
        Assert.InRange(Hum.F1(tune, result.Notes), 0.9, 1);
    }

    [Theory]
    [InlineData("empty", AudioRejection.Empty)]
    [InlineData("text", AudioRejection.NotAudio)]
    [InlineData("zip bomb", AudioRejection.NotAudio)]
    [InlineData("playlist", AudioRejection.NotAudio)]
    [InlineData("cut header", AudioRejection.NotAudio)]
    [InlineData("three hours of silence", AudioRejection.TooLong)]
    [InlineData("121 seconds", AudioRejection.TooLong)]
    [InlineData("silence", AudioRejection.NoMelody)]
    [InlineData("noise", AudioRejection.NoMelody)]
    public async Task Transcribe_AHostileUpload_IsRejectedWithItsReason(string kind, AudioRejection reason)
    {
        var path = Path.Combine(Directory.CreateDirectory(studio.NewFolder()).FullName, "memo.wav");
        await WriteHostileAsync(kind, path);
        var error = await Assert.ThrowsAsync<AudioRejectedException>(
            () => new Transcriber(studio.Tools).TranscribeAsync(path, CancellationToken.None));
        Assert.Equal(reason, error.Reason);
    }

    private static async Task WriteHostileAsync(string kind, string path)
    {
        switch (kind)
        {
            case "empty":
                await File.WriteAllBytesAsync(path, []);
                break;
            case "text":
                await File.WriteAllTextAsync(path, string.Concat(Enumerable.Repeat("la la la ", 1000)));
                break;
            case "zip bomb":
                await using (var zip = new GZipStream(File.Create(path), CompressionLevel.Fastest))
                {
                    for (var i = 0; i < 200; i++)
                    {
                        await zip.WriteAsync(new byte[1 << 20]);
                    }
                }

                break;
            case "playlist":
                await File.WriteAllTextAsync(path, "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n");
                break;
            case "cut header":
                await File.WriteAllBytesAsync(path, "RIFF\u00ff\u00ff\u00ff\u007fWAVEfmt "u8.ToArray());
                break;
            case "three hours of silence":
                // 8 kHz and 8 bits in a sparse file: 86 MB that take no room.
                await WriteSilenceAsync(path, 3 * 3600);
                break;
            case "121 seconds":
                await WriteSilenceAsync(path, 121);
                break;
            case "silence":
                await WriteSilenceAsync(path, 10);
                break;
            default:
                var random = new Random(1);
                Hum.Write(path, Enumerable.Range(0, Hum.SampleRate * 3).Select(_ => (float)(random.NextDouble() - 0.5)).ToArray());
                break;
        }
    }

    private static async Task WriteSilenceAsync(string path, int seconds)
    {
        await using var file = File.Create(path);
        Hum.Write(path + ".header", []);
        var header = await File.ReadAllBytesAsync(path + ".header");
        BitConverter.TryWriteBytes(header.AsSpan(24), 8000);
        BitConverter.TryWriteBytes(header.AsSpan(28), 16000);
        BitConverter.TryWriteBytes(header.AsSpan(40), seconds * 16000);
        await file.WriteAsync(header);
        file.SetLength(header.Length + seconds * 16000L);
    }

    private async Task<Transcription> TranscribeAsync(float[] samples)
    {
        var path = Path.Combine(Directory.CreateDirectory(studio.NewFolder()).FullName, "hum.wav");
        Hum.Write(path, samples);
        return await new Transcriber(studio.Tools).TranscribeAsync(path, CancellationToken.None);
    }
}
