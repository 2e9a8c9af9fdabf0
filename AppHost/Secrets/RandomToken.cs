using System.Security.Cryptography;
using Aspire.Hosting.Publishing;

namespace Son1kVers3.AppHost.Secrets;

/// <summary>A random token that begins as its kind does at Stripe (<c>sk_test_</c>): clients tell test from live by it.</summary>
internal sealed class RandomToken(string prefix) : ParameterDefault
{
    private const int Bytes = 24;

    /// <inheritdoc/>
    public override string GetDefaultValue() => prefix + RandomNumberGenerator.GetHexString(Bytes * 2, lowercase: true);

    /// <inheritdoc/>
    public override void WriteToManifest(ManifestPublishingContext context)
    {
        context.Writer.WriteStartObject("generate");
        context.Writer.WriteNumber("minLength", prefix.Length + (Bytes * 2));
        context.Writer.WriteEndObject();
    }
}
