using Microsoft.EntityFrameworkCore;
using Son1kVers3.Profile.Data;
using Son1kVers3.Profile.Tokens;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Profile.Accounts;

internal static class AccountQueries
{
    /// <summary>The account, locked for the current transaction: its changes, and so its sequence, go one after another.</summary>
    public static async Task<Account?> LockAccountAsync(this ProfileDb db, Guid id, CancellationToken cancellationToken) =>
        (await db.Set<Account>().FromSql($"SELECT * FROM accounts WHERE id = {id} FOR UPDATE").ToListAsync(cancellationToken)).SingleOrDefault();

    /// <summary>The token is good, but the account that it names is no longer there.</summary>
    public static ProblemException Gone() => Problem.Of(401, "unauthorized", "This account no longer exists.");

    /// <summary>Only for who signed in: a token that stands for an API key can't make keys or change the password.</summary>
    public static TBuilder RequireSession<TBuilder>(this TBuilder endpoints)
        where TBuilder : IEndpointConventionBuilder => endpoints.AddEndpointFilter((context, next) =>
            context.HttpContext.User.HasClaim(claim => claim.Type == AccessTokens.ApiKeyClaim)
                ? throw Problem.Of(403, "sign-in-required", "This can't be done with an API key; sign in.")
                : next(context));
}
