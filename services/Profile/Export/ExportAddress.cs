using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Son1kVers3.Profile.Export;

/// <summary>Signs the address of an export's file as generation signs its media, with the key that both are given: for a viewer, valid for an hour.</summary>
internal sealed class ExportAddress(IConfiguration configuration, TimeProvider clock)
{
    private const string Kind = "download";
    private const string Format = "zip";
    private static readonly TimeSpan Validity = TimeSpan.FromHours(1);

    private readonly byte[]? _key = configuration["Media:SigningKey"] is { Length: > 0 } key ? Convert.FromBase64String(key) : null;

    /// <summary>Null where no key is configured: then nothing can be fetched by address.</summary>
    public string? Of(Guid export, Guid viewer)
    {
        if (_key is null)
            return null;
        var expires = (clock.GetUtcNow() + Validity).ToUnixTimeSeconds();
        var signature = Base64Url.EncodeToString(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{export:N}|{Kind}|{Format}|{viewer:N}|{expires}")));
        return $"/api/downloads/{export}/file?format={Format}&viewer={viewer}&expires={expires}&sig={signature}";
    }
}
