using System.Buffers.Text;
using System.Security.Cryptography;
using Lib.Net.Http.WebPush.Authentication;
using Son1kVers3.Profile.Mail;
using Son1kVers3.Profile.Tokens;

namespace Son1kVers3.Profile.Push;

/// <summary>By which push services know this installation (VAPID, RFC 8292). It follows from the signing secret, so that all replicas have the same.</summary>
internal sealed class PushKeys
{
    private const string Purpose = "son1kvers3/web-push/1";
    private const int DerivedBytes = 48;
    private const byte Uncompressed = 4;

    public PushKeys(SigningSecret secret, PublicAddress address, IConfiguration configuration)
    {
        var scalar = TokenKey.Scalar(secret.Derive(Purpose, DerivedBytes));
        using var key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = scalar });
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        PublicKey = Base64Url.EncodeToString([Uncompressed, .. point.X!, .. point.Y!]);
        Vapid = new VapidAuthentication(PublicKey, Base64Url.EncodeToString(scalar)) { Subject = SubjectOf(address, configuration) };
    }

    /// <summary>What a browser subscribes with: base64url of the uncompressed point.</summary>
    public string PublicKey { get; }

    /// <summary>Signs what is sent.</summary>
    public VapidAuthentication Vapid { get; }

    // Whom a push service writes to when something is wrong: a mail or https address.
    private static string SubjectOf(PublicAddress address, IConfiguration configuration) => configuration["Push:Subject"] is { Length: > 0 } subject
        ? subject
        : address.Of("").StartsWith("https:", StringComparison.Ordinal) ? address.Of("") : "mailto:no-reply@son1kvers3.dev";
}
