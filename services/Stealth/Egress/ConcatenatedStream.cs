using Son1kVers3.ServiceDefaults.Streams;

namespace Son1kVers3.Stealth.Egress;

/// <summary>Bytes that were read already, then the rest.</summary>
internal sealed class ConcatenatedStream(byte[] first, Stream rest) : ReadOnlyStream(rest)
{
    private int _given;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_given == first.Length)
            return await Inner.ReadAsync(buffer, cancellationToken);
        var count = Math.Min(buffer.Length, first.Length - _given);
        first.AsMemory(_given, count).CopyTo(buffer);
        _given += count;
        return count;
    }
}
