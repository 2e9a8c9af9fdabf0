using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Son1kVers3.Profile.Passwords;

/// <summary>The cost of a password hash and how many may wait for it: settings <c>Passwords:*</c>.</summary>
internal sealed class PasswordCost
{
    /// <summary>What production may not go below: the default of ASP.NET Core Identity.</summary>
    public const int LeastInProduction = 100_000;

    /// <summary>
    /// Rounds of PBKDF2 with HMAC-SHA-512. 210,000 is OWASP's recommendation (Password Storage Cheat Sheet);
    /// it costs a core about a tenth of a second, so two cores sign some twenty members up or in a second.
    /// </summary>
    public int Iterations { get; init; } = 210_000;

    /// <summary>How many hashes may wait for each thread that makes them: three seconds' worth. Who comes later is told to.</summary>
    public int QueueLength { get; init; } = 32;
}

/// <summary>Hashes and checks passwords, in a queue of its own and at the same cost whether or not there is an account.</summary>
internal sealed class PasswordHashing : IDisposable
{
    private static readonly object NoUser = new();
    private readonly PasswordHasher<object> _hasher;
    private readonly BackgroundQueue _queue;
    private readonly string _nobodys;

    public PasswordHashing(IOptions<PasswordCost> cost, IHostEnvironment environment)
    {
        var iterations = cost.Value.Iterations;
        if (environment.IsProduction() && iterations < PasswordCost.LeastInProduction)
            throw new InvalidOperationException($"Passwords:Iterations is {iterations}; production needs {PasswordCost.LeastInProduction} or more.");
        _hasher = new PasswordHasher<object>(Options.Create(new PasswordHasherOptions { IterationCount = iterations }));
        _nobodys = _hasher.HashPassword(NoUser, Guid.NewGuid().ToString());
        // Half of the cores: the other half answers everybody else.
        var threads = Math.Max(1, Environment.ProcessorCount / 2);
        _queue = new BackgroundQueue("password-hashing", threads, threads * cost.Value.QueueLength);
    }

    /// <summary>The hash of a new password. 429 <c>sign-in-busy</c> when too many wait.</summary>
    public Task<string> HashAsync(string password) => _queue.RunAsync(() => _hasher.HashPassword(NoUser, PasswordPolicy.Normalize(password)));

    /// <summary>Checks <paramref name="password"/>; without a hash it does the same work and says no. 429 <c>sign-in-busy</c> when too many wait.</summary>
    public Task<PasswordCheck> CheckAsync(string? hash, string password) => _queue.RunAsync(() =>
    {
        var result = _hasher.VerifyHashedPassword(NoUser, hash ?? _nobodys, PasswordPolicy.Normalize(password));
        if (hash is null || result == PasswordVerificationResult.Failed)
            return PasswordCheck.Wrong;
        return result == PasswordVerificationResult.SuccessRehashNeeded ? PasswordCheck.RightButOutdated : PasswordCheck.Right;
    });

    public void Dispose() => _queue.Dispose();
}

/// <summary>What a check found. Outdated: right, but hashed at another cost than today's.</summary>
internal enum PasswordCheck
{
    Wrong,
    Right,
    RightButOutdated,
}
