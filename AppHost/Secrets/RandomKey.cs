using System.Security.Cryptography;
using Aspire.Hosting.Publishing;

namespace Son1kVers3.AppHost.Secrets;

/// <summary>A key of 256 random bits in Base64. A generated password would not do: ciphers want bytes, of an exact length.</summary>
internal sealed class RandomKey : ParameterDefault
{
    private const int Bytes = 32;

    /// <inheritdoc/>
    public override string GetDefaultValue() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(Bytes));

    /// <inheritdoc/>
    /// <remarks>A manifest can only ask for characters: 43 of its alphabet hold at least 256 bits. Whoever publishes should configure the parameter.</remarks>
    public override void WriteToManifest(ManifestPublishingContext context)
    {
        context.Writer.WriteStartObject("generate");
        context.Writer.WriteNumber("minLength", (Bytes * 8 / 6) + 1);
        context.Writer.WriteEndObject();
    }
}
