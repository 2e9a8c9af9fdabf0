using Son1kVers3.Stealth.Health;

namespace Son1kVers3.Stealth.Dialects;

/// <summary>How a provider's API is reached, signed in to, and how it says what went wrong.</summary>
/// <remarks>What is common stands here; a provider overrides what its documentation says otherwise.</remarks>
internal abstract class Dialect
{
    /// <summary>The provider's name in addresses and settings.</summary>
    public abstract string Name { get; }

    /// <summary>Where its API is; null when each account names its own server.</summary>
    public abstract Uri? BaseAddress { get; }

    /// <summary>Paths that may be called, by prefix.</summary>
    public abstract IReadOnlyList<string> PathPrefixes { get; }

    /// <summary>Other hosts that hand out results. <c>*.</c> stands for any subdomain. The secret is not sent there.</summary>
    public virtual IReadOnlyList<string> ResultHosts => [];

    /// <summary>How the secret is presented.</summary>
    public virtual SecretPlacement Placement => SecretPlacement.Bearer;

    /// <summary>The provider asks that an account uses one key at a time.</summary>
    public virtual bool SingleKeyPerAccount => false;

    /// <summary>Whether accounts are servers of the operator's own, which stand in private networks.</summary>
    public virtual bool SelfHosted => false;

    /// <summary>What an answer means; null for success.</summary>
    public virtual ErrorClass? Classify(ProviderAnswer answer) => OfStatus(answer.Status);

    /// <summary>What most APIs mean by a status.</summary>
    protected static ErrorClass? OfStatus(int status) => status switch
    {
        401 or 403 => ErrorClass.Unauthorized,
        402 => ErrorClass.QuotaExhausted,
        408 or 425 => ErrorClass.Transient,
        429 => ErrorClass.RateLimited,
        >= 500 => ErrorClass.Transient,
        >= 400 => ErrorClass.InvalidRequest,
        _ => null,
    };
}

/// <summary>Where a secret goes in a request.</summary>
internal enum SecretPart
{
    Header,
    Query,

    /// <summary>A member of the JSON object that is sent.</summary>
    Body,
}

/// <summary>How a secret is presented.</summary>
/// <param name="Name">Of the header, the query parameter, or the JSON member.</param>
/// <param name="Template"><c>{secret}</c> is replaced.</param>
internal sealed record SecretPlacement(SecretPart In, string Name, string Template = SecretPlacement.Mark)
{
    public const string Mark = "{secret}";
    public static readonly SecretPlacement Bearer = new(SecretPart.Header, "Authorization", $"Bearer {Mark}");

    /// <summary>The value to send.</summary>
    public string Fill(string secret) => Template.Replace(Mark, secret, StringComparison.Ordinal);
}
