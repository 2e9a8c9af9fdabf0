namespace Son1kVers3.ServiceDefaults.Auth;

/// <summary>How profile tells the gateways that tokens which they exchanged for API keys are void.</summary>
public static class ApiKeyRevocations
{
    /// <summary>The Redis channel. A message is the id of a key, or of a member whose keys are all meant; anything else means every key.</summary>
    public const string Channel = "api-keys:revoked";
}
