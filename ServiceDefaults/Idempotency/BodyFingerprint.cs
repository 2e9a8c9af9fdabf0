using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Son1kVers3.ServiceDefaults.Idempotency;

/// <summary>Tells whether two bodies are the same.</summary>
internal static class BodyFingerprint
{
    /// <summary>A hash of the body, which can be read again afterwards: it must be buffered.</summary>
    /// <remarks>Of a form it is one of its parts: clients draw another boundary between them each time they send it.</remarks>
    public static async Task<byte[]> OfAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var fingerprint = await OfFormAsync(request, cancellationToken);
        if (fingerprint is null)
        {
            request.Body.Position = 0;
            fingerprint = await SHA256.HashDataAsync(request.Body, cancellationToken);
        }

        request.Body.Position = 0;
        return fingerprint;
    }

    /// <summary>Null: it is no form, or a broken one.</summary>
    private static async Task<byte[]?> OfFormAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.MediaType.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase)
            || HeaderUtilities.RemoveQuotes(type.Boundary) is not { Length: > 0 } boundary)
        {
            return null;
        }

        try
        {
            using var whole = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var parts = new MultipartReader(boundary.ToString(), request.Body);
            while (await parts.ReadNextSectionAsync(cancellationToken) is { } part)
            {
                foreach (var (name, value) in part.Headers ?? [])
                    whole.AppendData(SHA256.HashData(Encoding.UTF8.GetBytes($"{name}: {value}")));
                whole.AppendData(await SHA256.HashDataAsync(part.Body, cancellationToken));
            }

            return whole.GetHashAndReset();
        }
        catch (Exception e) when (e is InvalidDataException or IOException and not BadHttpRequestException)
        {
            return null;
        }
    }
}
