using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Son1kVers3.Profile.Accounts;

/// <summary>The cost of a password hash: <c>Passwords:Iterations</c>.</summary>
internal sealed class PasswordCost
{
    /// <summary>What production may not go below: the default of ASP.NET Core Identity.</summary>
    public const int LeastInProduction = 100_000;

    /// <summary>
    /// Rounds of PBKDF2 with HMAC-SHA-512. 210,000 is OWASP's recommendation (Password Storage Cheat Sheet);
    /// it costs a core about a tenth of a second, so two cores sign some twenty members up or in a second.
    /// </summary>
    public int Iterations { get; init; } = 210_000;
}

/// <summary>Hashes and checks passwords, at the same cost whether or not there is an account.</summary>
internal sealed class PasswordHashing
{
    private static readonly object NoUser = new();
    private readonly PasswordHasher<object> _hasher;
    private readonly string _nobodys;

    public PasswordHashing(IOptions<PasswordCost> cost, IHostEnvironment environment)
    {
        var iterations = cost.Value.Iterations;
        if (environment.IsProduction() && iterations < PasswordCost.LeastInProduction)
            throw new InvalidOperationException($"Passwords:Iterations is {iterations}; production needs {PasswordCost.LeastInProduction} or more.");
        _hasher = new PasswordHasher<object>(Options.Create(new PasswordHasherOptions { IterationCount = iterations }));
        _nobodys = _hasher.HashPassword(NoUser, Guid.NewGuid().ToString());
    }

    public string Hash(string password) => _hasher.HashPassword(NoUser, password);

    /// <summary>Checks <paramref name="password"/>; without a hash it does the same work and says no.</summary>
    public PasswordCheck Check(string? hash, string password)
    {
        var result = _hasher.VerifyHashedPassword(NoUser, hash ?? _nobodys, password);
        if (hash is null || result == PasswordVerificationResult.Failed)
            return PasswordCheck.Wrong;
        return result == PasswordVerificationResult.SuccessRehashNeeded ? PasswordCheck.RightButOutdated : PasswordCheck.Right;
    }
}

/// <summary>What a check found. Outdated: right, but hashed at another cost than today's.</summary>
internal enum PasswordCheck
{
    Wrong,
    Right,
    RightButOutdated,
}
