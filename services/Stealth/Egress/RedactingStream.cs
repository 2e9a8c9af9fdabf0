using Son1kVers3.ServiceDefaults.Streams;

namespace Son1kVers3.Stealth.Egress;

/// <summary>Replaces a secret by asterisks of its length while a body is read, wherever chunks divide it.</summary>
/// <remarks>Only bytes that may be the secret's beginning are held back, so that events pass at once.</remarks>
internal sealed class RedactingStream(Stream inner, byte[] secret) : ReadOnlyStream(inner)
{
    private readonly byte[] _buffer = new byte[16 * 1024 + secret.Length];
    private int _filled;
    private int _ready;
    private int _given;
    private bool _ended;

    /// <summary>Replaces the secret in place.</summary>
    public static void Redact(Span<byte> bytes, ReadOnlySpan<byte> secret)
    {
        while (secret.Length > 0 && bytes.IndexOf(secret) is >= 0 and var at)
        {
            bytes.Slice(at, secret.Length).Fill((byte)'*');
            bytes = bytes[(at + secret.Length)..];
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_given == _ready && !_ended)
            await FillAsync(cancellationToken);
        var count = Math.Min(buffer.Length, _ready - _given);
        _buffer.AsMemory(_given, count).CopyTo(buffer);
        _given += count;
        return count;
    }

    private async Task FillAsync(CancellationToken cancellationToken)
    {
        var held = _filled - _ready;
        _buffer.AsSpan(_ready, held).CopyTo(_buffer);
        var read = await Inner.ReadAsync(_buffer.AsMemory(held), cancellationToken);
        (_filled, _given, _ended) = (held + read, 0, read == 0);
        Redact(_buffer.AsSpan(0, _filled), secret);
        _ready = _ended ? _filled : _filled - Beginning(_buffer.AsSpan(0, _filled));
    }

    /// <summary>How many of the last bytes may be the beginning of the secret.</summary>
    private int Beginning(ReadOnlySpan<byte> bytes)
    {
        for (var length = Math.Min(secret.Length - 1, bytes.Length); length > 0; length--)
        {
            if (bytes[^length..].SequenceEqual(secret.AsSpan(0, length)))
                return length;
        }

        return 0;
    }
}
