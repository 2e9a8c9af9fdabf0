using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Son1kVers3.Stealth.Egress;

namespace Son1kVers3.Stealth.Tests.Egress;

[Trait("Category", "Unit")]
public sealed class RedactingStreamTests
{
    [Fact]
    public void ReadAsync_WhereverChunksDivideTheSecret_ReplacesIt() => Prop.ForAll(Texts(), input =>
    {
        var (text, chunk) = input;
        var read = Read(text, chunk).GetAwaiter().GetResult();
        return read == text.Replace("abab", "****");
    }).QuickCheckThrowOnFailure();

    [Fact]
    public async Task ReadAsync_PassesEventsOnAtOnce()
    {
        var pipe = new System.IO.Pipelines.Pipe();
        await using var stream = new RedactingStream(pipe.Reader.AsStream(), "abab"u8.ToArray());
        await pipe.Writer.WriteAsync("data: 1\n\n"u8.ToArray());

        var buffer = new byte[100];
        Assert.Equal(9, await stream.ReadAsync(buffer));
    }

    private static async Task<string> Read(string text, int chunk)
    {
        await using var stream = new RedactingStream(new Chunks(Encoding.ASCII.GetBytes(text), chunk), "abab"u8.ToArray());
        using var read = new MemoryStream();
        await stream.CopyToAsync(read);
        return Encoding.ASCII.GetString(read.ToArray());
    }

    private static Arbitrary<(string, int)> Texts() =>
        (from letters in Gen.Elements('a', 'b', 'c').ArrayOf()
         from chunk in Gen.Choose(1, 7)
         select (new string(letters), chunk)).ToArbitrary();

    private sealed class Chunks(byte[] bytes, int size) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(size, buffer.Length)], cancellationToken);
    }
}
