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

    /// <summary>The account of a username, in any case; null for what can't be one, which the database is not asked for.</summary>
    public static async Task<Account?> FindAccountAsync(this ProfileDb db, string username, CancellationToken cancellationToken)
    {
        if (!AccountRules.IsUsername(username))
            return null;
        var key = Account.KeyOf(username);
        return await db.Set<Account>().AsNoTracking().FirstOrDefaultAsync(a => a.UsernameKey == key, cancellationToken);
    }

    /// <summary>Makes who wants an address wait for who is taking it: a violated index would write the address into the server's log.</summary>
    public static Task LockAddressAsync(this ProfileDb db, string emailKey, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtextextended({emailKey}, 0))", cancellationToken);

    /// <summary>The token is good, but the account that it names is no longer there.</summary>
    public static ProblemException Gone() => Problem.Of(401, "unauthorized", "This account no longer exists.");

    public static ProblemException EmailTaken() =>
        Problem.Of(409, "email-taken", "There is an account with this e-mail address; sign in, or use another one.");

    /// <summary>Only for who signed in: a token that stands for an API key can't make keys or change the password.</summary>
    public static TBuilder RequireSession<TBuilder>(this TBuilder endpoints)
        where TBuilder : IEndpointConventionBuilder
    {
        endpoints.WithMetadata(new ProducesResponseTypeMetadata(403, typeof(Microsoft.AspNetCore.Mvc.ProblemDetails), ["application/problem+json"]));
        return endpoints.AddEndpointFilter((context, next) => context.HttpContext.User.HasClaim(claim => claim.Type == AccessTokens.ApiKeyClaim)
            ? throw Problem.Of(403, "sign-in-required", "This can't be done with an API key; sign in.")
            : next(context));
    }
}
